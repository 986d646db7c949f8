/** Where a token lies in its text, in characters (code points), the last not included. */
export interface TokenPlace {
  /** Which of two texts. */
  readonly text: number;
  readonly start: number;
  readonly end: number;
}

/** The tokens of a text, as a model takes them. */
export interface EncodedText {
  readonly ids: readonly number[];
  /** Which of two texts each belongs to, as the model is told. */
  readonly typeIds: readonly number[];
  /** Which text each is of; undefined: it was put around them. */
  texts(): readonly (number | undefined)[];
  /** Where the token at `at` comes from; undefined: it was put around the texts. */
  placeOf(at: number): TokenPlace | undefined;
}

/** Turns texts into tokens, as a tokenizer.json says. */
export interface Tokenizer {
  /** Tokens that a text may have, those that are put around it included; undefined: it does not say. */
  readonly maxTokens: number | undefined;
  /** Tokens that there are, from 0 on. */
  readonly vocabulary: number;
  /** The token that stands for words that nobody knows; undefined: there is none. */
  readonly unknown: number | undefined;
  /** The token that stands behind texts where they are to have a length; undefined: it does not say. */
  readonly padding: number | undefined;
  /**
   * Finds the tokens on another thread. Rejects with 400 where a word has none, and there is none for those.
   *
   * @param isWhole with the tokens that are put around a text
   * @param pair a second text, for models that compare two
   */
  encode(text: string, isWhole: boolean, pair?: string): Promise<EncodedText>;
  /** A token as its tokenizer.json writes it. */
  token(id: number): string;
  /** The text of tokens that are written so, all of them. */
  join(tokens: readonly string[]): string;
  /**
   * The text of tokens, without those that stand for no text (the beginning, the end). Part of a character becomes
   * U+FFFD.
   */
  decode(ids: readonly number[]): string;
  /**
   * The bytes of each token, by its number: the text of tokens is their bytes, one after the other, but for a space at
   * its beginning. Undefined: a token that is no text. Throws an Error where the text of tokens is something else.
   */
  tokenBytes(): readonly (Uint8Array | undefined)[];
}

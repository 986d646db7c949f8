/** The tokens of a text, as a model takes them. */
export interface EncodedText {
  readonly ids: readonly number[];
  /** Which of two texts each belongs to. */
  readonly typeIds: readonly number[];
}

/** A text's tokens, without those put around it, and what they were made by. White space is in none of the bytes. */
export interface TextParts {
  /** UTF-8 of what each stands for; undefined: of a word that is not known. */
  readonly pieces: readonly (Uint8Array | undefined)[];
  /** UTF-8 of a part of the text, as tokens have it: in small letters, without accents, or as it is. */
  normalize(part: string): Uint8Array;
  /** Bytes of each word of the text. */
  words(): readonly number[];
}

/** Turns texts into tokens, as a tokenizer.json says. */
export interface Tokenizer {
  /** Tokens that a text may have, those that are put around it included; undefined: it does not say. */
  readonly maxTokens: number | undefined;
  /** Tokens that there are, from 0 on. */
  readonly vocabulary: number;
  /**
   * @param isWhole with the tokens that are put around a text
   * @param pair a second text, for models that compare two
   */
  encode(text: string, isWhole: boolean, pair?: string): EncodedText;
  /**
   * The `ids` of `encode` for a text that takes long, while others go on. Rejects with 504 once `signal` aborts.
   * Absent: there is nothing to find them beside the others.
   */
  encodeAside?(text: string, isWhole: boolean, signal: AbortSignal): Promise<readonly number[]>;
  /** What finding the tokens of a text in it takes. */
  parts(text: string): TextParts;
  /** A token as its tokenizer.json writes it. */
  token(id: number): string;
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

import type { Tokenizer } from '../../ports/tokenizer.ts';
import { withoutPart } from './without-part.ts';

/** Part of a character, as decoders write it. */
const broken = '\uFFFD';
/** Tokens that a character has at most: its bytes in UTF-8. */
const mostOfCharacter = 4;
/** As many tokens are looked at, at most, for some of which there is text. */
const mostBefore = 16;

/**
 * The text of tokens that come one by one, no part of a character among it until it is whole.
 *
 * Only the last tokens are decoded again with each: those that gave the text before, as decoders treat the first token
 * of a text in their own way, and those behind it.
 */
export class TokenText {
  readonly #tokenizer: Tokenizer;
  /** Tokens whose text was given, and behind them those whose text was not. */
  #window: readonly number[];
  /** How many at its end have not given their text yet. */
  #pending = 0;
  /** The text of the others. */
  #before: string;
  /** What a character that the prompt ends within reads as, and is no text of the tokens unless they complete it. */
  #begun: string;

  /**
   * @param prompt what the tokens go on with, no text of which is given
   * @param isEchoed a character that the prompt ends within is given with the tokens, whether they complete it or not
   */
  constructor(tokenizer: Tokenizer, prompt: readonly number[], isEchoed = false) {
    this.#tokenizer = tokenizer;
    let before = '';
    let window: readonly number[] = [];
    for (let count = 1; count <= Math.min(mostBefore, prompt.length); count += 1) {
      window = prompt.slice(-count);
      before = tokenizer.decode(window);
      if (before.trim() !== '' && !before.startsWith(broken)) break;
    }
    this.#window = window;
    // The character that a prompt ends within goes to what completes it.
    this.#before = withoutPart(before);
    this.#begun = isEchoed ? '' : before.slice(this.#before.length);
  }

  /** The text that is known with one more token; empty where it ends within a character. */
  push(token: number): string {
    this.#window = [...this.#window, token];
    this.#pending += 1;
    const text = this.#textOf(this.#window, this.#pending);
    if (!text.endsWith(broken)) return this.#give(text, 0);
    // What is no character by now will not be one: only the last tokens may be the beginning of another.
    if (this.#pending <= mostOfCharacter) return '';
    const kept = mostOfCharacter - 1;
    const settled = this.#window.slice(0, -kept);
    return this.#give(this.#textOf(settled, this.#pending - kept), kept);
  }

  /** The text of a token in the place of the next, as far as it is a whole character: another is U+FFFD. */
  peek(token: number): string {
    return this.#own(this.#textOf([...this.#window, token], this.#pending + 1));
  }

  /** What is left where no token comes any more: of a character that is not whole, U+FFFD. */
  end(): string {
    return this.#give(this.#textOf(this.#window, this.#pending), 0);
  }

  /** The text of the last `pending` tokens of a window. */
  #textOf(window: readonly number[], pending: number): string {
    const whole = this.#tokenizer.decode(window);
    if (whole.startsWith(this.#before)) return whole.slice(this.#before.length);
    // What came first reads otherwise with what follows it.
    return this.#tokenizer.decode(window.slice(-pending));
  }

  /** A text without what is the prompt's. */
  #own(text: string): string {
    return text.startsWith(this.#begun) ? text.slice(this.#begun.length) : text;
  }

  #give(text: string, kept: number): string {
    const end = this.#window.length - kept;
    const given = this.#window.slice(end - (this.#pending - kept), end);
    // Behind tokens without text, decoders take the next one for the first.
    const before = text === '' ? this.#window.slice(-mostBefore) : given;
    this.#window = [...before, ...this.#window.slice(end)];
    this.#before = this.#tokenizer.decode(before);
    this.#pending = kept;
    const own = this.#own(text);
    if (text !== '') this.#begun = '';
    return own;
  }
}

import type { LateConstraint, TokenConstraint } from '../../ports/token-constraint.ts';
import type { Tokenizer } from '../../ports/tokenizer.ts';
import { bytesOfToken, tokenOfByte } from './bytes-of-token.ts';
import { callMark } from './call-mark.ts';
import type { CallPlace } from './call-place.ts';
import { isInMask } from './is-in-mask.ts';

const noBytes = new Uint8Array(0);
const lineBreak = 0x0a;

/**
 * Holds a text to a call's grammar from where the model begins a call: with its first word, or behind the mark of calls
 * wherever that comes. What comes before is free.
 */
export class OptionalCall implements TokenConstraint {
  readonly #call: LateConstraint;
  readonly #tokenizer: Tokenizer;
  #place: CallPlace | undefined;
  #isHeld = false;
  #isBehindMark = false;
  /** What a mark may begin in, one character for each byte. */
  #before = '';

  /** `call`: the grammar, which this releases. */
  constructor(call: LateConstraint, tokenizer: Tokenizer) {
    this.#call = call;
    this.#tokenizer = tokenizer;
  }

  /** Undefined: not known yet. */
  get place(): CallPlace | undefined {
    return this.#place;
  }

  prepare(): Promise<void> | undefined {
    return this.#isHeld || this.#place === undefined ? this.#call.prepare?.() : undefined;
  }

  allowed(): Uint32Array | undefined {
    if (!this.#isHeld) return undefined;
    const allowed = this.#call.allowed();
    const ended = this.#isBehindMark ? tokenOfByte(this.#tokenizer, lineBreak) : undefined;
    return allowed && ended !== undefined ? withToken(allowed, ended) : allowed;
  }

  accept(token: number): void {
    if (this.#isHeld) this.#goOn(token);
    else if (this.#place !== 'none') this.#watch(token);
  }

  release(): void {
    this.#call.release();
  }

  /** Models that mark a call have a line for the mark. */
  #goOn(token: number): void {
    const isBreak = this.#isBehindMark && token === tokenOfByte(this.#tokenizer, lineBreak);
    this.#isBehindMark = false;
    if (isBreak) this.#call.begin(noBytes);
    else this.#call.accept(token);
  }

  #watch(token: number): void {
    const own = this.#textOf(token);
    const text = this.#before + own;
    const at = text.indexOf(callMark);
    this.#before = text.slice(1 - callMark.length);
    if (at !== -1) this.#begin(text.slice(at + callMark.length));
    else if (this.#place === undefined && own.trim() !== '' && isInMask(this.#call.allowed(), token)) {
      this.#place = 'whole';
      this.#isHeld = true;
      this.#call.accept(token);
    } else {
      if (own.trim() !== '') this.#place = 'behind words';
      this.#call.begin(noBytes);
    }
  }

  /** Begins a call with what of the token that ends the mark lies behind it. */
  #begin(text: string): void {
    this.#isHeld = this.#call.begin(Uint8Array.from(text.trimStart(), (character) => character.charCodeAt(0)));
    this.#isBehindMark = text === '';
    this.#place = this.#isHeld ? (this.#place ?? 'whole') : 'none';
  }

  #textOf(token: number): string {
    const bytes = bytesOfToken(this.#tokenizer, token);
    return bytes ? String.fromCharCode(...bytes) : this.#tokenizer.decode([token]);
  }
}

function withToken(allowed: Uint32Array, token: number): Uint32Array {
  const more = allowed.slice();
  more[token >>> 5] = (more[token >>> 5] ?? 0) | (1 << (token & 31));
  return more;
}

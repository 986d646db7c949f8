import type { LateConstraint } from '../../ports/token-constraint.ts';
import type { Expression } from './expression.ts';
import type { Expressions } from './expressions.ts';
import type { Masks } from './masks.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface TextConstraintOptions {
  readonly expressions: Expressions;
  readonly masks: Masks;
  readonly vocabulary: Vocabulary;
  readonly endTokens: readonly number[];
  /** Tokens that the sequence may have, the one that ends it included. */
  readonly maxTokens: number;
}

/**
 * Holds one sequence to a grammar. An end token may come exactly where the text may end.
 *
 * As the tokens run out, only those may come after which the text can still be brought to an end with the rest: so the
 * text is whole even where it is cut short, unless there were too few tokens for the shortest one where it began.
 */
export class TextConstraint implements LateConstraint {
  readonly #options: TextConstraintOptions;
  #fits: boolean;
  #state: Expression;
  #left: number;

  constructor(options: TextConstraintOptions) {
    this.#options = options;
    this.#state = options.expressions.root;
    this.#left = options.maxTokens;
    this.#fits = this.#state.shortest < options.maxTokens;
  }

  prepare(): Promise<void> | undefined {
    const state = this.#state;
    const left = this.#left;
    return this.#options.masks.prepare(() => this.#tokens(state, left));
  }

  allowed(): Uint32Array {
    const bits = this.#tokens(this.#state, this.#left);
    return this.#state.shortest === 0 ? this.#withEnd(bits) : bits;
  }

  #tokens(state: Expression, left: number): Uint32Array {
    const { masks } = this.#options;
    const mask = masks.of(state);
    // One token for what comes next, one for the end; no token has less than a byte, and there is a token for each
    // byte.
    const limit = left - 2;
    return this.#fits && mask.most > limit ? masks.within(state, limit) : mask.bits;
  }

  accept(token: number): void {
    const { endTokens, expressions, vocabulary } = this.#options;
    this.#left -= 1;
    if (endTokens.includes(token)) return;
    for (const byte of vocabulary.tokenBytes[token] ?? []) this.#state = expressions.after(this.#state, byte);
    if (this.#state === expressions.nothing) throw new Error(`token ${token} may not come here`);
  }

  begin(bytes: Uint8Array): boolean {
    const { expressions } = this.#options;
    const state = bytes.reduce((before, byte) => expressions.after(before, byte), this.#state);
    if (state === expressions.nothing) return false;
    this.#state = state;
    this.#left -= 1;
    this.#fits = state.shortest < this.#left;
    return true;
  }

  release(): void {
    // What it is made of is shared, and collected when it is used no more.
  }

  #withEnd(bits: Uint32Array): Uint32Array {
    const all = bits.slice();
    for (const token of this.#options.endTokens) all[token >>> 5] = (all[token >>> 5] ?? 0) | (1 << (token & 31));
    return all;
  }
}

import type { Sequence } from './sequence.ts';

/** Tokens of a prompt that one run takes: as long as others wait for their next token, and else. */
export const sharedPiece = 64;
const wholePiece = 512;

/**
 * Says which tokens of a text share a run, and which of them another text that begins alike can have from its cache.
 *
 * Where what a run gives depends on all that share it, or on whether a cache lies before it, the same text is always
 * read in the same pieces, from its beginning on, whoever else is there: else it would be gone on with otherwise the
 * next time. Only whole pieces are had from others then, as they would be read for this text itself.
 */
export class PromptPieces {
  readonly #fixed: number | undefined;

  /** @param fixed tokens of a piece, Infinity: a prompt is one; undefined: pieces are as it suits others */
  constructor(fixed: number | undefined) {
    this.#fixed = fixed;
  }

  /** Tokens of a sequence that its next run takes, beside others that wait for their next token, or alone. */
  next({ tokens, pending, promptLength }: Sequence, isBesideOthers: boolean): readonly number[] {
    const first = tokens.length - pending;
    if (this.#fixed === undefined) return tokens.slice(first, first + (isBesideOthers ? sharedPiece : wholePiece));
    // What was generated is read anew as it was made: token by token.
    return tokens.slice(first, first < promptLength ? Math.min(first + this.#fixed, promptLength) : first + 1);
  }

  /** Those of a sequence that others can have from its cache, as far as they are read. */
  lasting({ tokens, promptLength }: Sequence): readonly number[] {
    return this.#fixed === undefined ? tokens : tokens.slice(0, this.shared(promptLength));
  }

  /** How many tokens can be had from the cache of a text that begins with the same `length` tokens. */
  shared(length: number): number {
    return this.#fixed === undefined ? length : length - (length % this.#fixed);
  }
}

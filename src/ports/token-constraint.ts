/**
 * Which tokens may come next, so that the whole of a text follows a grammar (JSON of a schema). Belongs to one
 * sequence.
 */
export interface TokenConstraint {
  /** Makes ready what `allowed` needs, which may take long, in turns with others. Undefined, or absent: it is ready. */
  prepare?(): Promise<void> | undefined;
  /**
   * One bit for each token of the vocabulary, the lowest of a word first: 1 where it may come next; undefined: each
   * may. Good until `accept`.
   */
  allowed(): Uint32Array | undefined;
  /** Takes in the token that was chosen, one of those allowed. */
  accept(token: number): void;
  /** Frees what it holds. */
  release(): void;
}

/** One whose text may begin later than its sequence does. */
export interface LateConstraint extends TokenConstraint {
  /**
   * Takes in a token before its text, which may come at any time as long as none of the text has come. `bytes`: what of
   * the token is the text's beginning; none: all of it comes before. False, and nothing is taken in: the text may not
   * begin so.
   */
  begin(bytes: Uint8Array): boolean;
}

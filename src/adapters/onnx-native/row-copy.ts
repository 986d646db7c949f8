import type { Pointer } from './native-types.ts';

/** Where tokens are in a row of a cache, [heads, tokens, bytes]. */
export interface RowPlace {
  readonly at: Pointer;
  /** Tokens that the row has place for. */
  readonly tokens: number;
  /** The first one's place. */
  readonly first: number;
}

/**
 * Tokens of a row to be copied into another, with zeros in front of them; what is behind them there may become
 * anything.
 */
export interface RowCopy {
  readonly heads: number;
  readonly tokenBytes: number;
  readonly length: number;
  /** Absent: there is nothing to copy, and `length` is 0. */
  readonly from: RowPlace | undefined;
  readonly to: RowPlace;
}

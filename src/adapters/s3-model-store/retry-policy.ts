/** How failures that pass are met: pauses that double up to a bound, each cut to a random part. */
export interface RetryPolicy {
  /** Tries in all, the first one too. */
  readonly attempts: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

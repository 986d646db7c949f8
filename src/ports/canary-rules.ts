/** When a version that has a part of an alias's calls is taken back by itself. */
export interface CanaryRules {
  /**
   * Of all looks together: one in `1 / (1 - confidence)` releases that are as bad as is tolerated, at most, is taken
   * back.
   */
  readonly confidence: number;
  readonly tolerated: {
    /** Part of its calls that may fail, whatever the stable version does. */
    readonly errorRate: number;
    /** How many times as often as the stable version it may fail. */
    readonly errorRatio: number;
    /** How many times as long it may take as 95 of 100 calls of the stable version. */
    readonly latencyRatio: number;
    /** Part of the answers that may be other ones than the stable version's. */
    readonly disagreement: number;
  };
  /** Of 100 calls that it answers, how many the stable version answers too, for comparison. */
  readonly comparePercent: number;
  /** How far apart numbers of the same answer may be, as a part of the largest one of their output. */
  readonly tolerance: number;
}

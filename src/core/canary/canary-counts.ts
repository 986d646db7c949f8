/** What became of the calls of one version. */
export interface ArmCounts {
  readonly calls: number;
  /** That failed, or whose answer cannot be right. */
  readonly errors: number;
  /** Of those that were answered, and timed once it was known what is slow. */
  readonly timed: number;
  readonly slow: number;
}

/** What became of the calls by an alias since a part of them goes to another version. */
export interface CanaryCounts {
  readonly canary: ArmCounts;
  readonly stable: ArmCounts;
  /** Calls of the canary that the stable version answered too. */
  readonly compared: number;
  /** Of these, those with another answer. */
  readonly disagreed: number;
}

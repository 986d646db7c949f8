/** What each player has of an answer. */
export interface Shares {
  readonly weights: readonly number[];
  /** Coalitions or inputs that the weights are drawn from. */
  readonly samples?: number;
  readonly fit?: Fit;
}

/** How well a sum of weights says what the model answered to the samples. */
export interface Fit {
  /** The root of the weighted mean of the squared differences. */
  readonly error: number;
  /** The part of the answers' variance that it tells: 1 is all. */
  readonly r2: number;
}

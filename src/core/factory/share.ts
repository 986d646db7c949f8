/** How many of how many, and what that says of all there could be. */
export interface Share {
  readonly part: number;
  readonly of: number;
  readonly share: number;
  /** Lower bound of Wilson's interval at 95 %. */
  readonly atLeast: number;
}

/** A measure of a model on some rows, with the interval of 95 % in which it lies for all there could be. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

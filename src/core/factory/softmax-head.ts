/** Tells classes apart by a vector: the largest product with a row of weights, and its bias, is the class. */
export interface SoftmaxHead {
  readonly columns: number;
  readonly classes: number;
  /** [classes, columns]. */
  readonly weights: Float64Array;
  readonly biases: Float64Array;
}

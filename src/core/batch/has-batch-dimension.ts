/**
 * Whether the first dimension of an input is the batch's, of which a record fills one row; where it is of another size,
 * or there is none, a record fills all of it, and runs alone.
 */
export function hasBatchDimension(shape: readonly number[]): boolean {
  return shape[0] === -1 || shape[0] === 1;
}

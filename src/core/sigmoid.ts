/** A number as a part of 1, whatever others are: a half of 0, and near 1 or 0 far above or below. */
export function sigmoid(number: number): number {
  return 1 / (1 + Math.exp(-number));
}

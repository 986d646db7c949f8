/** Numbers as parts of 1: e to the power of each, by the sum of all. */
export function softmax(numbers: readonly number[]): readonly number[] {
  // Without the largest, e to its power may be more than a float holds.
  const most = numbers.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  const powers = numbers.map((number) => Math.exp(number - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

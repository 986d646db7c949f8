/** The least and the largest of weights and 0, which an axis goes between; where all are 0 it goes up to 1. */
export function weightRange(weights: readonly number[]): readonly [low: number, high: number] {
  const [low, high] = [Math.min(0, ...weights), Math.max(0, ...weights)];
  return low === high ? [0, 1] : [low, high];
}

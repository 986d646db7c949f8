/** Puts dimensions of 1 before `shape` up to the rank that the model takes: one row becomes a batch of one. */
export function fitShape(shape: readonly number[], rank: number): readonly number[] {
  return [...Array.from({ length: Math.max(0, rank - shape.length) }, () => 1), ...shape];
}

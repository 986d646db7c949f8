/**
 * Spearman's rank correlation. Source: Spearman, "The Proof and Measurement of Association between Two Things", 1904.
 */
export function rankCorrelation(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [ranks(one), ranks(other)];
  const mean = (one.length - 1) / 2;
  const product = (left: readonly number[], right: readonly number[]) =>
    left.reduce((sum, rank, at) => sum + (rank - mean) * ((right[at] as number) - mean), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}

function ranks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const [below, equal] = [
      values.filter((each) => each < value).length,
      values.filter((each) => each === value).length,
    ];
    return below + (equal - 1) / 2;
  });
}

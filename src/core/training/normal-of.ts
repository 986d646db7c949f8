/** Means and scales, so that columns have a mean of 0 and a variance of 1; a column of one value alone becomes 0. */
export interface ColumnScales {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/** The scales of the columns of rows; with `isOne`, those of all of them together. */
export function normalOf(rows: readonly ArrayLike<number>[], isOne: boolean): ColumnScales {
  const columns = isOne ? 1 : (rows[0]?.length ?? 0);
  const mean = new Float64Array(columns);
  const square = new Float64Array(columns);
  let count = 0;
  for (const row of rows) {
    for (let at = 0; at < row.length; at += 1) {
      const place = at % columns;
      if (place === 0) count += 1;
      // Welford's way: the sum of large squares has few digits left for the variance.
      const off = (row[at] as number) - (mean[place] as number);
      mean[place] = (mean[place] as number) + off / count;
      square[place] = (square[place] as number) + off * ((row[at] as number) - (mean[place] as number));
    }
  }
  const scale = Array.from(square, (sum) => (sum > 0 ? 1 / Math.sqrt(sum / count) : 1));
  return { mean: [...mean], scale };
}

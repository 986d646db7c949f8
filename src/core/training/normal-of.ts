/** Means and scales, so that columns have a mean of 0 and a variance of 1. */
export interface ColumnScales {
  readonly mean: readonly number[];
  readonly scale: readonly number[];
}

/**
 * What columns are to one another: each something of its own; the numbers of one vector; or all the same, with one mean
 * and scale.
 */
export type Columns = 'apart' | 'alike' | 'one';

/**
 * Beside its mean, what spreads no further hardly differs but by how FP32 rounds it (2⁻²⁴): made as wide as others, a
 * value that the rows do not have would outweigh all of them.
 */
const leastSpread = 2 ** -20;
/**
 * Of the mean deviation of a vector's numbers. Models have numbers that they make no use of, and which once they go on
 * learning move as others do.
 */
const leastShare = 0.1;

/**
 * The scales of the columns of rows. That of a column that hardly differs is 0, as it tells nothing; of columns that are
 * one, 1.
 */
export function normalOf(rows: readonly ArrayLike<number>[], columns: Columns): ColumnScales {
  const { mean, deviation } = spreadOf(rows, columns === 'one' ? 1 : (rows[0]?.length ?? 0));
  const all = deviation.reduce((sum, each) => sum + each, 0) / deviation.length;
  const still = columns === 'one' ? 1 : 0;
  const scale = deviation.map((each, place) => {
    const spread = columns === 'alike' ? Math.max(each, leastShare * all) : each;
    return spread > leastSpread * Math.abs(mean[place] as number) ? 1 / spread : still;
  });
  return { mean, scale };
}

function spreadOf(rows: readonly ArrayLike<number>[], columns: number) {
  const mean = Array<number>(columns).fill(0);
  const square = Array<number>(columns).fill(0);
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
  return { mean, deviation: square.map((sum) => Math.sqrt(sum / count)) };
}

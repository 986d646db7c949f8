import { bootstrap } from './bootstrap.ts';
import type { Estimate } from './estimate.ts';

/** How good a model is that predicts a number. */
export interface RegressionMetrics {
  readonly rows: number;
  /** The mean of what it is off by. */
  readonly mae: Estimate;
  /** The root of the mean of the squares of that. */
  readonly rmse: Estimate;
  /** The part of the variance that it explains; absent where there is none. */
  readonly r2?: Estimate;
}

/**
 * Source: scikit-learn's definitions (mean_absolute_error, root_mean_squared_error, r2_score); the intervals are
 * bootstrapped.
 */
export function regressionMetrics(wanted: readonly number[], said: ArrayLike<number>): RegressionMetrics {
  const estimates = bootstrap(wanted.length, (counts) => {
    let [rows, off, squares, sum] = [0, 0, 0, 0];
    // Taken off before they are added up, so that targets that are all the same have exactly their mean.
    const origin = wanted[counts.findIndex((count) => count > 0)] ?? 0;
    for (const [row, value] of wanted.entries()) {
      const count = counts[row] as number;
      const error = value - (said[row] as number);
      rows += count;
      off += count * Math.abs(error);
      squares += count * error * error;
      sum += count * (value - origin);
    }
    const mean = origin + sum / rows;
    const all = wanted.reduce((total, value, row) => total + (counts[row] as number) * (value - mean) ** 2, 0);
    return { mae: off / rows, rmse: Math.sqrt(squares / rows), r2: all > 0 ? 1 - squares / all : Number.NaN };
  }) as Omit<RegressionMetrics, 'rows'>;
  return { rows: wanted.length, ...estimates };
}

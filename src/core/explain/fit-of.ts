import type { Fit } from './shares.ts';
import type { FittedRow } from './weighted-least-squares.ts';

/** How well the sums of x by their weights tell the y of rows. */
export function fitOf(rows: readonly FittedRow[], weights: readonly number[] | Float64Array): Fit {
  let [total, sum, squares] = [0, 0, 0];
  for (const { y, weight } of rows) {
    total += weight;
    sum += weight * y;
  }
  const mean = sum / total;
  let variance = 0;
  for (const row of rows) {
    let said = 0;
    for (const [at, weight] of weights.entries()) said += weight * (row.x[at] as number);
    squares += row.weight * (row.y - said) ** 2;
    variance += row.weight * (row.y - mean) ** 2;
  }
  // Answers that are all the same are told whole by any constant.
  return { error: Math.sqrt(squares / total), r2: variance === 0 ? 1 : 1 - squares / variance };
}

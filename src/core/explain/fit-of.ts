import type { Fit } from './shares.ts';
import type { FittedRow } from './weighted-least-squares.ts';

/** How well `said` tells the y of rows. */
export function fitOf(rows: readonly FittedRow[], said: (row: FittedRow) => number): Fit {
  let [weights, sum, squares] = [0, 0, 0];
  for (const { y, weight } of rows) {
    weights += weight;
    sum += weight * y;
  }
  const mean = sum / weights;
  let variance = 0;
  for (const row of rows) {
    squares += row.weight * (row.y - said(row)) ** 2;
    variance += row.weight * (row.y - mean) ** 2;
  }
  // Answers that are all the same are told whole by any constant.
  return { error: Math.sqrt(squares / weights), r2: variance === 0 ? 1 : 1 - squares / variance };
}

import type { Game } from './game.ts';
import type { FittedRow } from './normal-equations.ts';
import type { Fit } from './shares.ts';

/**
 * How well the sums of x by their weights tell the y of rows.
 *
 * @param xs the x of each row, in order
 */
export async function fitOf(
  xs: Iterable<FittedRow['x']>,
  rows: readonly Omit<FittedRow, 'x'>[],
  weights: readonly number[] | Float64Array,
  pause: Game['pause'],
): Promise<Fit> {
  let [total, sum, squares] = [0, 0, 0];
  for (const { y, weight } of rows) {
    total += weight;
    sum += weight * y;
  }
  const mean = sum / total;
  let variance = 0;
  let at = 0;
  for (const x of xs) {
    const { y, weight } = rows[at] as Omit<FittedRow, 'x'>;
    let said = 0;
    for (let unknown = 0; unknown < weights.length; unknown += 1)
      said += (weights[unknown] as number) * (x[unknown] as number);
    squares += weight * (y - said) ** 2;
    variance += weight * (y - mean) ** 2;
    at += 1;
    await pause();
  }
  // Answers that are all the same are told whole by any constant.
  return { error: Math.sqrt(squares / total), r2: variance === 0 ? 1 : 1 - squares / variance };
}

import { countCoalitions, weighedCoalitions } from './coalitions.ts';
import { fitOf } from './fit-of.ts';
import type { Game } from './game.ts';
import type { Shares } from './shares.ts';
import { type FittedRow, weightedLeastSquares } from './weighted-least-squares.ts';

/**
 * Shapley values by KernelSHAP: the weights whose sums come nearest to what coalitions are worth, by the Shapley
 * kernel, held to the sum that all of them together are worth. With all coalitions in `most` they are the Shapley
 * values themselves, of which a fit would say nothing: it is of sums, and they need not come near a model to be exact.
 *
 * The last weight is what the others leave of the whole, which takes that condition out of the equations.
 *
 * Source: Lundberg and Lee, "A Unified Approach to Interpreting Model Predictions", 2017, section 4.1.
 */
export async function kernelShap(game: Game, most: number, random: () => number): Promise<Shares> {
  const { players, whole, nothing } = game;
  const all = whole - nothing;
  if (players === 1) return { weights: [all] };
  const coalitions = weighedCoalitions(players, most, random);
  const worth = await game.worth(coalitions.map(({ present }) => present));
  const rows = coalitions.map(({ present, weight }, at): FittedRow => {
    const last = present[players - 1] as number;
    const x = Float64Array.from(present.subarray(0, players - 1), (each) => each - last);
    return { x, y: (worth[at] as number) - nothing - last * all, weight };
  });
  const found = weightedLeastSquares(rows, players - 1);
  const weights = [...found, all - found.reduce((sum, weight) => sum + weight, 0)];
  if (coalitions.length === countCoalitions(players)) return { weights };
  const fitted = coalitions.map(
    ({ present, weight }, at): FittedRow => ({ x: present, y: (worth[at] as number) - nothing, weight }),
  );
  return { weights, samples: coalitions.length, fit: fitOf(fitted, weights) };
}

import { countCoalitions, weighedCoalitions } from './coalitions.ts';
import { fitOf } from './fit-of.ts';
import type { Game } from './game.ts';
import { type FittedRow, NormalEquations } from './normal-equations.ts';
import type { Coalition } from './players.ts';
import type { Shares } from './shares.ts';

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
  const weighed = await weighedCoalitions(players, most, random, game.pause);
  const coalitions = weighed.map(({ present }) => present);
  const equations = new NormalEquations(players - 1);
  const x = new Float64Array(players - 1);
  const rows: Omit<FittedRow, 'x'>[] = [];
  for await (const worth of game.worth(coalitions)) {
    const present = coalitions[rows.length] as Coalition;
    const last = present[players - 1] as number;
    for (let at = 0; at < x.length; at += 1) x[at] = (present[at] as number) - last;
    const { weight } = weighed[rows.length] as (typeof weighed)[number];
    const y = worth - nothing;
    equations.add({ x, y: y - last * all, weight });
    rows.push({ y, weight });
    await game.pause();
  }
  const found = await equations.solve(game.pause);
  const weights = [...found, all - found.reduce((sum, weight) => sum + weight, 0)];
  if (coalitions.length === countCoalitions(players)) return { weights };
  return { weights, samples: coalitions.length, fit: await fitOf(coalitions, rows, weights, game.pause) };
}

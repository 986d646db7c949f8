import { ServiceError } from '../../protocol/service-error.ts';
import { seededRandom } from '../seeded-random.ts';
import { countCoalitions } from './coalitions.ts';
import { exactShapley } from './exact-shapley.ts';
import type { ExplainOptions } from './explain-options.ts';
import type { Game } from './game.ts';
import { kernelShap } from './kernel-shap.ts';
import { type AskNumbers, lime, limeOfNumbers } from './lime.ts';
import type { AskingMethod } from './methods.ts';
import { mostEvaluations } from './most-evaluations.ts';
import { occlusion } from './occlusion.ts';
import type { Players } from './players.ts';
import type { Probe } from './probe.ts';
import type { Shares } from './shares.ts';
import { tooFewEvaluations } from './too-few-evaluations.ts';

/** Beside two for each player, as the package shap draws them, but a quarter. */
const usualSamples = 512;

/**
 * Shares out what the model answered. Throws 400 where a method would need more rows than it may have, or more samples
 * than are asked for.
 */
export async function shareOut(
  method: AskingMethod,
  game: Game,
  { numbers, rows }: Players,
  probe: Probe,
  { samples, seed }: ExplainOptions,
): Promise<Shares> {
  const { players } = game;
  const random = seededRandom(seed);
  // What LIME draws of numbers are rows by themselves.
  const rowsOfOne = method === 'lime' && numbers ? 1 : rows;
  const most = Math.floor(probe.left / rowsOfOne);
  const asked = `${method} of ${players} ${players === 1 ? 'part' : 'parts'}`;
  const need = (count: number) => {
    if (count <= most) return;
    if (count * rowsOfOne > mostEvaluations)
      throw new ServiceError(
        400,
        `${asked} runs the model on more rows than any explanation may, ${mostEvaluations}; kernel-shap draws some of them`,
        { field: 'method' },
      );
    const says = `${asked} runs the model on ${count * rowsOfOne} rows at least`;
    throw tooFewEvaluations(
      `${says}, beside ${probe.evaluations} so far, and it may have ${probe.left + probe.evaluations}`,
    );
  };
  const wanted = samples ?? usualSamples + 2 * players;
  if (method === 'occlusion') {
    need(players);
    return occlusion(game);
  }
  if (method === 'shapley') {
    need(countCoalitions(players));
    return exactShapley(game);
  }
  const least = leastSamples(method, players);
  if (samples !== undefined && samples < least)
    throw new ServiceError(
      400,
      `parameter 'samples': ${asked}, without those that are as the baseline, takes ${least} at least, got ${samples}`,
      { field: 'samples' },
    );
  need(least);
  if (method === 'lime') {
    const drawn = Math.min(wanted, most);
    if (!numbers) return lime(game, drawn, random);
    probe.expect(drawn);
    const ask: AskNumbers = (all) =>
      probe.ask(all, {
        make: async (values) => [await numbers.at(values)],
        where: (values) => (values === numbers.values ? undefined : 'to a row that lime draws around the item'),
      });
    return limeOfNumbers(numbers, ask, drawn, seed, game.pause);
  }
  return kernelShap(game, Math.min(wanted, most), random);
}

/**
 * Fewer would leave weights that no answer says anything of, and a fit that seems perfect. A coalition and its
 * complement say the same of the weights that KernelSHAP seeks, and those of one player and of all but one are enough;
 * LIME has a constant beside the weights.
 */
function leastSamples(method: 'kernel-shap' | 'lime', players: number): number {
  return method === 'lime' ? players + 1 : Math.min(countCoalitions(players), 2 * players);
}

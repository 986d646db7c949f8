import { allOf } from './all-of.ts';
import { choose } from './choose.ts';
import type { Game } from './game.ts';
import type { Coalition } from './players.ts';
import type { Shares } from './shares.ts';

/**
 * Shapley values by their definition: what a player adds to each coalition without it, S of n players, weighed by |S|!
 * (n − |S| − 1)! / n!.
 *
 * Source: Shapley, "A Value for n-Person Games", 1953; Lundberg and Lee, "A Unified Approach to Interpreting Model
 * Predictions", 2017, equation 8.
 */
export async function exactShapley(game: Game): Promise<Shares> {
  const { players, whole, nothing } = game;
  const last = 2 ** players - 1;
  const coalitions: Coalition[] = [];
  for (let set = 1; set < last; set += 1) {
    coalitions.push(coalitionOf(set, players));
    await game.pause();
  }
  const worth = [nothing, ...(await allOf(game.worth(coalitions))), whole];
  const weights = new Array<number>(players).fill(0);
  for (let set = 0; set <= last; set += 1) {
    const size = sizeOf(set);
    const weight = 1 / (players * choose(players - 1, size));
    for (let player = 0; player < players; player += 1) {
      if (set & (1 << player)) continue;
      const adds = (worth[set | (1 << player)] as number) - (worth[set] as number);
      weights[player] = (weights[player] as number) + weight * adds;
    }
    await game.pause();
  }
  return { weights, samples: last + 1 };
}

function coalitionOf(set: number, players: number): Coalition {
  return Uint8Array.from({ length: players }, (_item, player) => (set >> player) & 1);
}

function sizeOf(set: number): number {
  let size = 0;
  for (let rest = set; rest > 0; rest >>= 1) size += rest & 1;
  return size;
}

import { allOf } from './all-of.ts';
import type { Game } from './game.ts';
import type { Shares } from './shares.ts';

/**
 * What the score loses where one player alone is left out.
 *
 * Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", 2014, section 4.2.
 */
export async function occlusion(game: Game): Promise<Shares> {
  const { players, whole } = game;
  const coalitions = Array.from({ length: players }, (_item, left) => {
    const present = new Uint8Array(players).fill(1);
    present[left] = 0;
    return present;
  });
  const worth = await allOf(game.worth(coalitions));
  return { weights: worth.map((each) => whole - each) };
}

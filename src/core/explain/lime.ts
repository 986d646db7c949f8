import { complement } from './complement.ts';
import { drawnCoalition } from './drawn-coalition.ts';
import { fitOf } from './fit-of.ts';
import type { Game } from './game.ts';
import type { NumberPlayers } from './players.ts';
import type { Shares } from './shares.ts';
import { type FittedRow, weightedLeastSquares } from './weighted-least-squares.ts';

/** Of cosine distances, which go to 1. As the package lime has it for texts and pictures. */
const kernelWidth = 0.25;
/** Of distances of numbers, for each root of a feature. As the package lime has it. */
const numberWidth = 0.75;
const ridge = 1;

/**
 * The weights of the linear model that comes nearest to the model around an item: of samples in which some players, as
 * many as are drawn, are left out, weighed by exp(−d² / width²)^½ of their cosine distance d from the item, by ridge
 * regression.
 *
 * Source: Ribeiro, Singh and Guestrin, "Why Should I Trust You?", 2016, section 3.4; widths, the root and the ridge as
 * the authors' package lime.
 */
export async function lime(game: Game, samples: number, random: () => number): Promise<Shares> {
  const { players, whole } = game;
  const coalitions = Array.from({ length: samples - 1 }, () =>
    complement(drawnCoalition(players, 1 + Math.floor(random() * players), random)),
  );
  const worth = [whole, ...(await game.worth(coalitions))];
  const rows = [new Uint8Array(players).fill(1), ...coalitions].map((present, at): FittedRow => {
    const kept = present.reduce((sum, each) => sum + each, 0);
    const distance = 1 - Math.sqrt(kept / players);
    return { x: [...present, 1], y: worth[at] as number, weight: Math.exp(-(distance ** 2) / (2 * kernelWidth ** 2)) };
  });
  return fitted(rows, players);
}

/**
 * The same of numbers: samples are drawn from the normal distribution with the baseline's means and deviations, weighed
 * by their distance from the item in deviations. A weight is by a deviation of its feature.
 *
 * Source: as `lime`; the package's LimeTabularExplainer without discretizing.
 */
export async function limeOfNumbers(
  { values, means, deviations }: Omit<NumberPlayers, 'at'>,
  scores: (rows: readonly (readonly number[])[]) => Promise<readonly number[]>,
  samples: number,
  random: () => number,
): Promise<Shares> {
  const drawn = Array.from({ length: samples - 1 }, () =>
    means.map((mean, at) => mean + (deviations[at] as number) * normal(random)),
  );
  const all = [values, ...drawn];
  const worth = await scores(all);
  const width = numberWidth * Math.sqrt(values.length);
  const scaled = all.map((row) => row.map((value, at) => (value - (means[at] as number)) / (deviations[at] as number)));
  const own = scaled[0] as readonly number[];
  const rows = scaled.map((row, at): FittedRow => {
    const squared = row.reduce((sum, value, place) => sum + (value - (own[place] as number)) ** 2, 0);
    return { x: [...row, 1], y: worth[at] as number, weight: Math.exp(-squared / (2 * width ** 2)) };
  });
  return fitted(rows, values.length);
}

function fitted(rows: readonly FittedRow[], players: number): Shares {
  const found = weightedLeastSquares(rows, players + 1, ridge, (unknown) => unknown === players);
  return { weights: [...found.subarray(0, players)], samples: rows.length, fit: fitOf(rows, found) };
}

/** Source: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

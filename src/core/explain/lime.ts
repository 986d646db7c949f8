import { seededRandom } from '../seeded-random.ts';
import { askedOnce } from './asked-once.ts';
import { complement } from './complement.ts';
import { drawnCoalition } from './drawn-coalition.ts';
import { fitOf } from './fit-of.ts';
import type { Game } from './game.ts';
import { type FittedRow, NormalEquations } from './normal-equations.ts';
import type { Coalition, NumberPlayers } from './players.ts';
import type { Shares } from './shares.ts';

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
  const coalitions: Coalition[] = [];
  while (coalitions.length < samples - 1) {
    coalitions.push(complement(drawnCoalition(players, 1 + Math.floor(random() * players), random)));
    await game.pause();
  }
  const everybody = new Uint8Array(players).fill(1);
  const rowOf = (present: Coalition, y: number): FittedRow => {
    const kept = present.reduce((sum, each) => sum + each, 0);
    const distance = 1 - Math.sqrt(kept / players);
    return { x: withConstant(present), y, weight: Math.exp(-(distance ** 2) / (2 * kernelWidth ** 2)) };
  };
  async function* rows() {
    yield rowOf(everybody, whole);
    let at = 0;
    for await (const worth of askedOnce(game, coalitions)) {
      yield rowOf(coalitions[at] as Coalition, worth);
      at += 1;
    }
  }
  function* again() {
    yield withConstant(everybody);
    for (const present of coalitions) yield withConstant(present);
  }
  return fitted(players, rows(), again(), game.pause);
}

/** Scores of rows of numbers, each with its row, in order. */
export type AskNumbers = (
  rows: Iterable<readonly number[]>,
) => AsyncIterable<readonly [row: readonly number[], score: number]>;

/**
 * The same of numbers: samples are drawn from the normal distribution with the baseline's means and deviations, weighed
 * by their distance from the item in deviations. A weight is by a deviation of its feature.
 *
 * Source: as `lime`; the package's LimeTabularExplainer without discretizing.
 */
export async function limeOfNumbers(
  { values, means, deviations }: Omit<NumberPlayers, 'at'>,
  ask: AskNumbers,
  samples: number,
  seed: number,
  pause: Game['pause'],
): Promise<Shares> {
  // Drawn again in place of kept: of many values they would take more than all else.
  function* drawn() {
    const random = seededRandom(seed);
    yield values;
    for (let sample = 1; sample < samples; sample += 1)
      yield means.map((mean, at) => mean + (deviations[at] as number) * normal(random));
  }
  const width = numberWidth * Math.sqrt(values.length);
  const scaled = (row: readonly number[]) =>
    row.map((value, at) => (value - (means[at] as number)) / (deviations[at] as number));
  const own = scaled(values);
  async function* rows() {
    for await (const [row, y] of ask(drawn())) {
      const x = scaled(row);
      const squared = x.reduce((sum, value, place) => sum + (value - (own[place] as number)) ** 2, 0);
      yield { x: withConstant(x), y, weight: Math.exp(-squared / (2 * width ** 2)) };
    }
  }
  function* again() {
    for (const row of drawn()) yield withConstant(scaled(row));
  }
  return fitted(values.length, rows(), again(), pause);
}

function withConstant(x: Iterable<number>): FittedRow['x'] {
  return [...x, 1];
}

/** @param again the x of all rows once more */
async function fitted(
  players: number,
  rows: AsyncIterable<FittedRow>,
  again: Iterable<FittedRow['x']>,
  pause: Game['pause'],
): Promise<Shares> {
  const equations = new NormalEquations(players + 1);
  const told: Omit<FittedRow, 'x'>[] = [];
  for await (const row of rows) {
    equations.add(row);
    told.push({ y: row.y, weight: row.weight });
    await pause();
  }
  const found = await equations.solve(pause, ridge, (unknown) => unknown === players);
  const fit = await fitOf(again, told, found, pause);
  return { weights: [...found.subarray(0, players)], samples: told.length, fit };
}

/** Source: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

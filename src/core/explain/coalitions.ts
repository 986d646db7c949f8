import { choose } from './choose.ts';
import { coalitionKey } from './coalition-key.ts';
import { complement } from './complement.ts';
import { drawnCoalition } from './drawn-coalition.ts';
import type { Game } from './game.ts';
import type { Coalition } from './players.ts';

/** A coalition, and how much it counts. */
export interface WeighedCoalition {
  readonly present: Coalition;
  readonly weight: number;
}

/**
 * Coalitions with neither nobody nor everybody in them are all there are of `players`, where that is a number that
 * anybody would run.
 */
export function countCoalitions(players: number): number {
  return players > 30 ? Number.POSITIVE_INFINITY : 2 ** players - 2;
}

/**
 * Coalitions with the weights of the Shapley kernel, (n − 1) / (C(n, s) · s · (n − s)) for s of n players: all of them
 * where that is `most` or fewer. Else those of one player and of all but one, which tell all players apart; all of the
 * next sizes, as long as their share of `most` reaches; and of each other size as many that are drawn, none twice, which
 * have the weight of all of that size. Each has its complement.
 *
 * Sources: Lundberg and Lee, "A Unified Approach to Interpreting Model Predictions", 2017, theorem 2; that each size has
 * as much to say of the weights, however little it counts: Musco and Witter, "Provably Accurate Shapley Value Estimation
 * via Leverage Score Sampling", 2025, section 3.
 */
export async function weighedCoalitions(
  players: number,
  most: number,
  random: () => number,
  pause: Game['pause'],
): Promise<readonly WeighedCoalition[]> {
  const found = new Map<string, WeighedCoalition>();
  const add = (present: Coalition, weight: number) => {
    for (const each of [present, complement(present)]) found.set(coalitionKey(each), { present: each, weight });
    return pause();
  };
  // Of one size and its complement together, which are the same where that is half of all.
  const sizesIn = (size: number) => (2 * size === players ? 1 : 2);
  const weightOf = (size: number) => ((players - 1) / (size * (players - size))) * sizesIn(size);
  let rest = Array.from({ length: Math.floor(players / 2) }, (_item, at) => at + 1);
  const shareOf = (size: number) => sizesIn(size) / rest.reduce((sum, each) => sum + sizesIn(each), 0);
  for (const size of rest) {
    const count = choose(players, size) * sizesIn(size);
    const left = most - found.size;
    // Of larger sizes there are more.
    if ((size === 1 ? left : left * shareOf(size)) < count - 1e-6) break;
    for (const present of ofSize(players, size)) await add(present, weightOf(size) / count);
    rest = rest.slice(1);
  }
  const pairs = Math.floor((most - found.size) / 2);
  const offset = random();
  let [passed, drawn] = [0, 0];
  for (const size of rest) {
    const [before, expected] = [drawn, shareOf(size) * pairs];
    passed += expected;
    drawn = Math.min(pairs, Math.ceil(passed - offset));
    // Where there is not one of each size, it stands for others.
    const each = weightOf(size) / (expected < 1 ? expected : drawn - before) / 2;
    for (let at = before; at < drawn; at += 1) await add(newCoalition(players, size, found, random), each);
  }
  return [...found.values()];
}

/** One that is not among those that are known. */
function newCoalition(players: number, size: number, known: ReadonlyMap<string, unknown>, random: () => number) {
  for (;;) {
    const present = drawnCoalition(players, size, random);
    if (!known.has(coalitionKey(present))) return present;
  }
}

function* ofSize(players: number, size: number): Generator<Coalition> {
  const places = Array.from({ length: size }, (_item, at) => at);
  for (;;) {
    const present = new Uint8Array(players);
    for (const place of places) present[place] = 1;
    yield present;
    let at = size - 1;
    while (at >= 0 && places[at] === players - size + at) at -= 1;
    if (at < 0) return;
    places[at] = (places[at] as number) + 1;
    for (let next = at + 1; next < size; next += 1) places[next] = (places[next - 1] as number) + 1;
  }
}

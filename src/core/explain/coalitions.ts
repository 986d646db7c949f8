import { choose } from './choose.ts';
import { complement } from './complement.ts';
import { drawnCoalition } from './drawn-coalition.ts';
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
 * where that is `most` or fewer, else those of the smallest and largest sizes, whose weights are largest, as far as
 * `most` goes, and of the other sizes some that are drawn, each with its complement.
 *
 * Source: Lundberg and Lee, "A Unified Approach to Interpreting Model Predictions", 2017, theorem 2; the order of sizes
 * is that of the package shap.
 */
export function weighedCoalitions(players: number, most: number, random: () => number): readonly WeighedCoalition[] {
  const found = new Map<string, WeighedCoalition>();
  const add = (present: Coalition, weight: number) => {
    const key = String.fromCharCode(...present);
    found.set(key, { present, weight: (found.get(key)?.weight ?? 0) + weight });
  };
  const sizes = Array.from({ length: Math.floor(players / 2) }, (_item, at) => at + 1);
  // Of one size and its complement together.
  const weightOf = (size: number) => ((players - 1) / (size * (players - size))) * (2 * size === players ? 1 : 2);
  const rest: number[] = [];
  for (const size of sizes) {
    const each = choose(players, size) * (2 * size === players ? 1 : 2);
    // What does not fit is left for drawing, and all larger sizes with it.
    if (rest.length > 0 || found.size + each > most) {
      rest.push(size);
      continue;
    }
    for (const present of ofSize(players, size)) {
      add(present, weightOf(size) / each);
      if (2 * size !== players) add(complement(present), weightOf(size) / each);
    }
  }
  const left = most - found.size;
  if (rest.length === 0 || left <= 0) return [...found.values()];
  const total = rest.reduce((sum, size) => sum + weightOf(size), 0);
  const draws = Math.max(1, Math.floor(left / 2));
  for (let draw = 0; draw < draws; draw += 1) {
    let at = random() * total;
    let size = rest[0] as number;
    for (const candidate of rest) {
      size = candidate;
      at -= weightOf(candidate);
      if (at < 0) break;
    }
    const present = drawnCoalition(players, size, random);
    add(present, total / draws / 2);
    add(complement(present), total / draws / 2);
  }
  return [...found.values()];
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

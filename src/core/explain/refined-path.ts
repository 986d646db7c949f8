import type { PathPoint } from './gauss-legendre.ts';
import { scoreResolution } from './score-resolution.ts';

/** What is known of a place on a path: the score there, and its slope along the path. */
export interface PathSlope {
  readonly score: number;
  readonly slope: number;
}

export interface RefinementOptions {
  /** Points that may be asked and then walked, together: `leastRefined` or more. */
  readonly most: number;
  /** The sum of slopes may be so far from what the score gains. */
  readonly distance: number;
}

/** Simpson's rule over a part of a path, which knows how far it is off, since scores say what the part gains. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly error: number;
}

const firstParts = 64;
const firstPoints = 2 * firstParts + 1;
/** Points that it takes to begin: the first are asked, and then walked. */
export const leastRefined = 2 * firstPoints;
/** Halved at once, so that their points share runs. */
const worstParts = 8;

/**
 * Points, and how much each counts, for the mean of slopes on a path that bends at once in many places, as that through
 * a network of Relus does: the parts with the largest errors are halved until the sum is near enough, `most` is spent,
 * or there are no more digits; of all sums on the way the nearest is taken.
 *
 * Source: Gander and Gautschi, "Adaptive Quadrature — Revisited", 2000, but that errors are known here, and not
 * estimated.
 */
export async function refinedPath(
  ask: (points: readonly number[]) => Promise<readonly PathSlope[]>,
  { most, distance }: RefinementOptions,
): Promise<readonly PathPoint[]> {
  const first = Array.from({ length: firstPoints }, (_item, at) => at / (2 * firstParts));
  const known = new Map<number, PathSlope>();
  const learn = async (points: readonly number[]) => {
    const found = await ask(points);
    for (const [at, point] of points.entries()) known.set(point, found[at] as PathSlope);
  };
  const partOf = (from: number, to: number): Part => {
    const [start, middle, end] = [from, (from + to) / 2, to].map((at) => known.get(at)) as [
      PathSlope,
      PathSlope,
      PathSlope,
    ];
    const gain = ((to - from) * (start.slope + 4 * middle.slope + end.slope)) / 6;
    return { from, to, error: gain - (end.score - start.score) };
  };
  await learn(first);
  let parts = Array.from({ length: firstParts }, (_item, at) => partOf(at / firstParts, (at + 1) / firstParts));
  const noise = scoreResolution * Math.max(...[...known.values()].map(({ score }) => Math.abs(score)));
  // Inputs have no more digits either: points that come closer are the same, and the errors left there are those of the scores themselves.
  const isHalved = ({ from, to, error }: Part) => Math.abs(error) > noise && to - from > scoreResolution;
  let [nearest, least] = [parts, Number.POSITIVE_INFINITY];
  for (;;) {
    parts.sort((one, other) => Math.abs(other.error) - Math.abs(one.error));
    const off = Math.abs(parts.reduce((sum, { error }) => sum + error, 0));
    if (off < least) [nearest, least] = [parts, off];
    const worst = parts.filter(isHalved).slice(0, worstParts);
    const asked = 2 * worst.length;
    // All are walked once more at the end, as no gradients are kept: they could be gigabytes.
    if (off <= distance || asked === 0 || 2 * (known.size + asked) > most) return weighed(nearest);
    await learn(worst.flatMap(({ from, to }) => [(3 * from + to) / 4, (from + 3 * to) / 4]));
    const halves = worst.flatMap(({ from, to }) => [partOf(from, (from + to) / 2), partOf((from + to) / 2, to)]);
    parts = [...halves, ...parts.filter((part) => !worst.includes(part))];
  }
}

function weighed(parts: readonly Part[]): readonly PathPoint[] {
  const weights = new Map<number, number>();
  const add = (at: number, weight: number) => weights.set(at, (weights.get(at) ?? 0) + weight);
  for (const { from, to } of parts) {
    const sixth = (to - from) / 6;
    add(from, sixth);
    add((from + to) / 2, 4 * sixth);
    add(to, sixth);
  }
  return [...weights].map(([at, weight]) => ({ at, weight }));
}

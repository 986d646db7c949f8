import { completenessOf } from './completeness-of.ts';
import type { Completeness } from './explanation.ts';
import { gaussLegendre, type PathPoint } from './gauss-legendre.ts';
import { leastRefined, type PathSlope, refinedPath } from './refined-path.ts';

/** Where a path is walked: the scores and gradients of points on it, each by how far along it is, from 0 to 1. */
export type Walk = (points: readonly number[]) => AsyncIterable<{
  readonly scores: readonly number[];
  /** Of all points, one after the other. */
  readonly gradients: Float32Array;
}>;

export interface PathOptions {
  /** What the path goes by: the item less the baseline, element by element. */
  readonly way: ArrayLike<number>;
  /** Points; undefined: as many as it takes until the weights add up. */
  readonly steps: number | undefined;
  /** Points that may be run in all. */
  readonly most: number;
}

export interface IntegratedGradients {
  readonly weights: Float64Array;
  readonly steps: number;
  readonly value: number;
  readonly baselineValue: number;
  readonly completeness: Completeness;
}

/** Points of the first try. */
export const leastSteps = 25;
/** As many are enough where slopes change smoothly; where they do not, more of these gain little. */
const mostSmooth = 100;
/** Weights that add up so nearly are near enough: a part of what they share out. */
const goal = 1e-4;

/**
 * What each element adds to a score on the straight way from a baseline to an item: its difference times the mean of
 * its gradients on the way. Where no number of steps is asked for, the points of Gauss and Legendre are doubled until
 * the weights add up within 0.01 %, and where 100 are not enough, points come closer to each other where they have to.
 * What would be left over of `most`, being too little for another try, goes into the last.
 *
 * Source: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", 2017, sections 3 and 5.
 */
export async function integratedGradients(walk: Walk, { way, steps, most }: PathOptions): Promise<IntegratedGradients> {
  let left = most;
  const counted: Walk = (points) => {
    left -= points.length;
    return walk(points);
  };
  const [start, end] = (await slopesAlong(counted, way, [0, 1])) as [PathSlope, PathSlope];
  const [baselineValue, value] = [start.score, end.score];
  const by = async (points: readonly PathPoint[]): Promise<IntegratedGradients> => {
    const weights = await along(counted, way, points);
    const completeness = completenessOf(weights, value, baselineValue);
    return { weights, steps: points.length, value, baselineValue, completeness };
  };
  if (steps !== undefined) return by(gaussLegendre(steps));
  let found: IntegratedGradients | undefined;
  for (let count = leastSteps; count <= mostSmooth; count *= 2) {
    const isLast = left < count + (2 * count <= mostSmooth ? 2 * count : leastRefined);
    found = nearer(await by(gaussLegendre(isLast ? left : count)), found);
    if (isLast || found.completeness.gap <= goal) return found;
  }
  const smooth = found as IntegratedGradients;
  const { sum, expected, gap } = smooth.completeness;
  const points = await refinedPath((asked) => slopesAlong(counted, way, asked), {
    most: left,
    distance: (goal / gap) * Math.abs(sum - expected),
  });
  return nearer(await by(points), smooth);
}

function nearer(one: IntegratedGradients, other: IntegratedGradients | undefined): IntegratedGradients {
  return other && other.completeness.gap <= one.completeness.gap ? other : one;
}

/** Scores at points, and their slopes along the way. */
async function slopesAlong(walk: Walk, way: ArrayLike<number>, points: readonly number[]): Promise<PathSlope[]> {
  const found: PathSlope[] = [];
  for await (const { scores, gradients } of walk(points))
    for (const [row, score] of scores.entries()) {
      let slope = 0;
      for (let element = 0; element < way.length; element += 1)
        slope += (gradients[row * way.length + element] as number) * (way[element] as number);
      found.push({ score, slope });
    }
  return found;
}

async function along(walk: Walk, way: ArrayLike<number>, points: readonly PathPoint[]) {
  const sums = new Float64Array(way.length);
  let point = 0;
  for await (const { gradients } of walk(points.map(({ at }) => at)))
    for (let from = 0; from < gradients.length; from += way.length) {
      const { weight } = points[point] as PathPoint;
      for (let element = 0; element < way.length; element += 1)
        sums[element] = (sums[element] as number) + weight * (gradients[from + element] as number);
      point += 1;
    }
  return sums.map((sum, at) => sum * (way[at] as number));
}

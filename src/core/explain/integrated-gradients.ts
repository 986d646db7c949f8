import { completenessOf } from './completeness-of.ts';
import type { Completeness } from './explanation.ts';
import { gaussLegendre, type PathPoint } from './gauss-legendre.ts';

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

const firstSteps = 25;
const mostSteps = 400;
/** Weights that add up so nearly are near enough: a part of what they share out. */
const goal = 1e-4;

/**
 * What each element adds to a score on the straight way from a baseline to an item: its difference times the mean of
 * its gradients on the way, at the points of Gauss and Legendre. Where no number of steps is asked for, they are
 * doubled until the weights add up within 0.01 %, or there are 400.
 *
 * Source: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", 2017, sections 3 and 5.
 */
export async function integratedGradients(walk: Walk, { way, steps, most }: PathOptions): Promise<IntegratedGradients> {
  let [baselineValue, value] = [0, 0];
  for await (const { scores } of walk([0, 1])) {
    // Both, or one after the other.
    if (scores.length === 2) [baselineValue, value] = scores as [number, number];
    else [baselineValue, value] = [value, scores[0] ?? 0];
  }
  let left = most - 2;
  let count = steps ?? Math.min(firstSteps, left);
  for (;;) {
    left -= count;
    const weights = await along(walk, way, count);
    const completeness = completenessOf(weights, value, baselineValue);
    const next = count * 2;
    if (steps !== undefined || completeness.gap <= goal || next > mostSteps || next > left)
      return { weights, steps: count, value, baselineValue, completeness };
    count = next;
  }
}

async function along(walk: Walk, way: ArrayLike<number>, count: number): Promise<Float64Array> {
  const sums = new Float64Array(way.length);
  const points = gaussLegendre(count);
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

import { largestPlace } from '../largest-place.ts';
import { headScores } from './head-scores.ts';
import type { SoftmaxHead } from './softmax-head.ts';

/** The class that a head takes a vector for. */
export function classOfVector(head: SoftmaxHead, vector: Float64Array): number {
  return largestPlace(headScores(head, vector));
}

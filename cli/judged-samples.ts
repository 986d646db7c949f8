import type { GivenSamples } from './given-samples.ts';

/** What a model is judged by, and what was learned from before, which is none of that. */
export interface JudgedSamples {
  readonly judged: GivenSamples;
  /** Places of those judged among the samples of the file that they are of. */
  readonly places: readonly number[];
  /** How many that file has. */
  readonly of: number;
  /** Absent where nothing is learned. */
  readonly learned?: GivenSamples;
  /** Places of those learned in the file of those judged; absent where they are of a file of their own. */
  readonly learnedPlaces?: readonly number[];
}

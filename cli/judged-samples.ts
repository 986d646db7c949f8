import type { GivenSamples } from './given-samples.ts';

/** What a model is judged by. */
export interface JudgedSamples {
  readonly judged: GivenSamples;
  /** Places of those judged among the samples of the file that they are of. */
  readonly places: readonly number[];
  /** How many that file has. */
  readonly of: number;
}

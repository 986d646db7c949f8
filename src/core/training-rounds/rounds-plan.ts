import type { FitOptions } from '../training/fit-rows.ts';
import type { TrainingRowsOptions } from '../training/training-rows.ts';

/**
 * A training whose rounds are done apart, by whoever takes them: what all who do need to know, beside weights and rows.
 */
export interface RoundsPlan
  extends Pick<FitOptions, 'epochs' | 'batchRows' | 'patience' | 'seed'>,
    Pick<TrainingRowsOptions, 'inputNames' | 'target'> {
  /** Of data, recipe and model, as a checkpoint has it. */
  readonly id: string;
  readonly workers: number;
  readonly localSteps: number;
  /** Rows to learn from, by their numbers, in groups of the same shapes. */
  readonly groups: readonly (readonly number[])[];
  /** Rows to stop by. */
  readonly validation: readonly number[];
  /** Of all rows, by their numbers, those to measure by too. */
  readonly targets: readonly number[];
}

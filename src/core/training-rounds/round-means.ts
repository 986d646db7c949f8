import type { Trainer } from '../training/trainer.ts';
import type { TrainingRows } from '../training/training-rows.ts';
import type { RoundsPlan } from './rounds-plan.ts';

/** What a round is done with. */
export interface RoundMeans {
  readonly plan: RoundsPlan;
  readonly trainer: Trainer;
  /** Those that it takes: to learn from, or to stop by. */
  readonly rows: TrainingRows;
  /** The learning rate of a step. */
  readonly rateOf: (step: number) => number;
}

import type { RoundsPlan } from '../../core/training-rounds/rounds-plan.ts';
import type { Schedule } from '../../graph/gradient/optimizers/learning-rate.ts';
import type { TrainingOptions } from '../../graph/gradient/training-graphs.ts';

/** The plan of rounds, with what the graphs that train are made by. */
export interface TrainingRoundsPlan extends RoundsPlan {
  readonly options: Omit<TrainingOptions, 'isFrozen'>;
  readonly learningRate: Schedule;
  /** Weights that are trained; all others are frozen. */
  readonly trained: readonly string[];
}

import type { TrainingRowsOptions } from '../../core/training/training-rows.ts';
import type { TrainingOptions } from '../../graph/gradient/training-graphs.ts';

/** What a worker process needs once, before its first round: nothing that cannot be sent to it. */
export interface WorkerSetup {
  /** The model's file. */
  readonly path: string;
  readonly options: Omit<TrainingOptions, 'isFrozen'>;
  /** Weights that are trained; all others are frozen. */
  readonly trained: readonly string[];
  readonly rows: TrainingRowsOptions;
}

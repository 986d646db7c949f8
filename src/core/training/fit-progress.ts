import type { FixedTensor } from '../../protocol/tensor.ts';
import type { EpochLoss } from './epoch-loss.ts';
import type { TrainerState } from './trainer-state.ts';

/** How far a training is: all that it takes to go on from there. */
export interface FitProgress extends TrainerState {
  /** The passes so far. */
  readonly curve: readonly EpochLoss[];
  /**
   * The pass after which rows of validation, or where there are none the rows themselves, had the least loss, and the
   * trained weights of then.
   */
  readonly best: {
    readonly epoch: number;
    readonly loss: number;
    readonly weights: ReadonlyMap<string, FixedTensor>;
  };
}

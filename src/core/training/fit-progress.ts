import type { FixedTensor } from '../../protocol/tensor.ts';
import type { EpochLoss } from './epoch-loss.ts';

/** How far a training is: all that it takes to go on from there. */
export interface FitProgress {
  /** The passes so far. */
  readonly curve: readonly EpochLoss[];
  /** The pass after which rows of validation, or where there are none the rows themselves, had the least loss, and the trained weights of then. */
  readonly best: {
    readonly epoch: number;
    readonly loss: number;
    readonly weights: ReadonlyMap<string, FixedTensor>;
  };
  readonly steps: number;
  readonly weights: ReadonlyMap<string, FixedTensor>;
  /** What the optimizer keeps. */
  readonly states: ReadonlyMap<string, FixedTensor>;
}

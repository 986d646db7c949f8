import type { EpochLoss } from './epoch-loss.ts';
import type { Metrics } from './measure.ts';

/** What became of a training. */
export interface TrainingReport {
  readonly rows: { readonly train: number; readonly validation: number; readonly test: number };
  readonly classes?: readonly string[];
  readonly curve: readonly EpochLoss[];
  /** The pass whose weights are kept. */
  readonly bestEpoch: number;
  readonly steps: number;
  /**
   * Of the rows for tests; where there are none, of those of validation, by which it was stopped; absent where there
   * are none of either.
   */
  readonly metrics?: Metrics;
  readonly measuredBy: 'test' | 'validation' | 'nothing';
  /** What was noticed of the rows. */
  readonly notes: readonly string[];
}

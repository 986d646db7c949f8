import type { EpochLoss } from './epoch-loss.ts';
import type { TrainingReport } from './training-report.ts';

/** What `train` tells of a training with `--json`: what was measured stands beside it, all else in the manifest. */
export interface TrainingInShort extends Omit<TrainingReport, 'curve' | 'metrics'> {
  readonly passes: number;
  /** The pass whose weights are kept. */
  readonly best?: EpochLoss;
}

import type { Loss } from './losses/loss.ts';
import type { Optimizer } from './optimizers/optimizer.ts';

export interface TrainingOptions {
  /** The value of the model that is compared with the target. @default its one output of floats */
  readonly output?: string;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** Which weights stay as they are. @default none */
  readonly isFrozen?: (name: string) => boolean;
  /** How much weights, all parameters but biases and scales, are drawn to 0 evenly. @default 0 */
  readonly l1?: number;
  /** How much weights are drawn to 0, the more the larger they are. @default 0 */
  readonly l2?: number;
  /** The largest length that the gradients of all parameters have together. @default any */
  readonly clipNorm?: number;
}

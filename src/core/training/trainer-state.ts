import type { FixedTensor } from '../../protocol/tensor.ts';
import { trainedWeights } from './trained-weights.ts';
import type { Trainer } from './trainer.ts';

/** Where a trainer has come to. */
export interface TrainerState {
  readonly steps: number;
  readonly weights: ReadonlyMap<string, FixedTensor>;
  /** What the optimizer keeps. */
  readonly states: ReadonlyMap<string, FixedTensor>;
}

/**
 * Where a trainer has come to, without the weights that no step changes. It is the trainer's own memory, which the next
 * step changes.
 */
export function trainerState(trainer: Trainer): TrainerState {
  const { steps, states } = trainer;
  return { steps, weights: trainedWeights(trainer), states };
}

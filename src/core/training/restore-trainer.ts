import type { Trainer } from './trainer.ts';
import type { TrainerState } from './trainer-state.ts';

/**
 * Has a trainer go on from somewhere: copies weights, and what the optimizer keeps, into its memory. Weights that are
 * not named stay.
 */
export function restoreTrainer(trainer: Trainer, { steps, weights, states }: TrainerState): void {
  trainer.steps = steps;
  for (const [name, { data }] of weights) trainer.weights.get(name)?.data.set(data);
  for (const [name, { data }] of states) trainer.states.get(name)?.data.set(data);
}

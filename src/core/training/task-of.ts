import type { WorkerTask } from './train-in-rounds.ts';
import type { TrainerState } from './trainer-state.ts';

/** What a worker is to do in a round with batches of its own. */
export function taskOf(
  { steps, weights, states }: TrainerState,
  batches: readonly (readonly number[])[],
  rateOf: (step: number) => number,
): WorkerTask {
  return { steps, weights, states, batches, rates: batches.map((_batch, at) => rateOf(steps + at)) };
}

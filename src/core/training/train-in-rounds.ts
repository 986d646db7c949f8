import { type Dealing, dealRound } from './deal-round.ts';
import { endRound } from './end-round.ts';
import { taskOf } from './task-of.ts';
import type { Trainer } from './trainer.ts';
import { type TrainerState, trainerState } from './trainer-state.ts';

/** What one worker does in a round: some steps from where all begin. It may be done again, and comes to the same. */
export interface WorkerTask extends TrainerState {
  /** Rows of each step, by their numbers, and its learning rate. */
  readonly batches: readonly (readonly number[])[];
  readonly rates: readonly number[];
}

/** Where a worker has come to. */
export interface WorkerResult extends Omit<TrainerState, 'steps'> {
  /** The sum of the losses of its rows, and how many there were. */
  readonly loss: number;
  readonly rows: number;
}

export interface RoundsOptions extends Dealing {
  readonly rateOf: (step: number) => number;
  /** Has workers do their tasks, one each. */
  readonly run: (tasks: readonly WorkerTask[]) => Promise<readonly WorkerResult[]>;
}

/**
 * A pass over batches by several workers at once: in each round they take some steps each, of rows of their own, from
 * the same weights; then weights and what the optimizer keeps become the mean of where they have come to, by how many
 * rows each had. Gives the sum of the losses.
 *
 * With one step each they share the rows of one batch, which with gradient descent is the step of one process by that
 * batch. Source: Stich, "Local SGD Converges Fast and Communicates Little", 2019, algorithm 1.
 */
export async function trainInRounds(
  trainer: Trainer,
  batches: readonly (readonly number[])[],
  { rateOf, run, ...dealing }: RoundsOptions,
): Promise<number> {
  let sum = 0;
  for (let from = 0; from < batches.length; ) {
    const { shares, done } = dealRound(batches, from, dealing);
    const begin = trainerState(trainer);
    sum += await endRound(trainer, shares, await run(shares.map((share) => taskOf(begin, share, rateOf))));
    from = done;
  }
  return sum;
}

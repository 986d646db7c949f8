import { endPass } from './end-pass.ts';
import type { FitProgress } from './fit-progress.ts';
import { isFitted } from './is-fitted.ts';
import { passBatches } from './pass-batches.ts';
import { restoreTrainer } from './restore-trainer.ts';
import type { Split } from './split.ts';
import type { Trainer } from './trainer.ts';
import { trainerState } from './trainer-state.ts';
import type { TrainingRows } from './training-rows.ts';

/** How a model is fitted to rows. */
export interface FitOptions {
  /** Passes over the rows, at most. */
  readonly epochs: number;
  readonly batchRows: number;
  /** It ends once so many passes in a row brought nothing for the rows of validation. */
  readonly patience: number;
  /** Of the order in which rows come. */
  readonly seed: number;
  /** The learning rate of a step, counted from 0. */
  readonly rateOf: (step: number) => number;
  readonly signal?: AbortSignal;
  /**
   * Trains with the batches of a pass, in their order, and gives the sum of the losses of their rows. @default the
   * trainer takes a step for each
   */
  readonly pass?: (batches: readonly (readonly number[])[]) => Promise<number>;
  /** Hears of each step: its number in the pass, how many there are, and the loss before it. */
  readonly onStep?: (step: number, of: number, loss: number) => void;
  /**
   * Hears of each pass. What is told is the trainer's own memory, which the next pass changes: it is to be copied, or
   * written, before this resolves.
   */
  readonly onEpoch?: (progress: FitProgress) => Promise<void>;
}

/**
 * Trains by mini-batches until rows that it does not learn from gain nothing any more, and leaves the trainer with the
 * weights that were the best for these; where there are none, with the last.
 *
 * What has happened in a pass depends on the seed, its number and what was before alone: going on from `from` after any
 * pass comes to the same bytes.
 */
export async function fitRows(
  trainer: Trainer,
  rows: TrainingRows,
  split: Pick<Split, 'train' | 'validation'>,
  options: FitOptions,
  from?: FitProgress,
): Promise<FitProgress> {
  const { rateOf, signal, onStep, onEpoch, pass } = options;
  if (from) restoreTrainer(trainer, from);
  let { curve, best } = from ?? { curve: [], best: { epoch: 0, loss: Number.POSITIVE_INFINITY, weights: new Map() } };
  const groups = rows.alike(split.train);
  while (!isFitted({ curve, best }, options, split.validation.length > 0)) {
    const sum = await (pass ?? stepByStep)(passBatches(groups, options, curve.length + 1));
    ({ curve, best } = await endPass(trainer, rows, split, { before: { curve, best }, sum, signal }));
    await onEpoch?.({ curve, best, ...trainerState(trainer) });
  }
  restoreTrainer(trainer, { ...trainerState(trainer), weights: best.weights });
  return { curve, best, ...trainerState(trainer) };

  async function stepByStep(batches: readonly (readonly number[])[]): Promise<number> {
    let sum = 0;
    for (const [at, batch] of batches.entries()) {
      const { loss } = await trainer.step(rows.batch(batch), rateOf(trainer.steps), signal);
      sum += loss * batch.length;
      onStep?.(at + 1, batches.length, loss);
    }
    return sum;
  }
}

import type { FixedTensor } from '../../protocol/tensor.ts';
import { seededRandom } from '../seeded-random.ts';
import type { FitProgress } from './fit-progress.ts';
import { miniBatches } from './mini-batches.ts';
import { saidOfRows } from './said-of-rows.ts';
import type { Split } from './split.ts';
import type { Trainer } from './trainer.ts';
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
  /** Trains with the batches of a pass, in their order, and gives the sum of the losses of their rows. @default the trainer takes a step for each */
  readonly pass?: (batches: readonly (readonly number[])[]) => Promise<number>;
  /** Hears of each step: its number in the pass, how many there are, and the loss before it. */
  readonly onStep?: (step: number, of: number, loss: number) => void;
  /** Hears of each pass. What is told is the trainer's own memory, which the next pass changes: it is to be copied, or written, before this resolves. */
  readonly onEpoch?: (progress: FitProgress) => Promise<void>;
}

/**
 * Trains by mini-batches until rows that it does not learn from gain nothing any more, and leaves the trainer with the weights that were the best for these; where there
 * are none, with the last.
 *
 * What has happened in a pass depends on the seed, its number and what was before alone: going on from `from` after any pass comes to the same bytes.
 */
export async function fitRows(
  trainer: Trainer,
  rows: TrainingRows,
  { train, validation }: Pick<Split, 'train' | 'validation'>,
  options: FitOptions,
  from?: FitProgress,
): Promise<FitProgress> {
  const { epochs, batchRows, patience, seed, rateOf, signal, onStep, onEpoch, pass } = options;
  if (from) restore(trainer, from);
  let { curve, best } = from ?? { curve: [], best: { epoch: 0, loss: Number.POSITIVE_INFINITY, weights: new Map() } };
  const groups = rows.alike(train);
  while (curve.length < epochs && (validation.length === 0 || curve.length - best.epoch < patience)) {
    const epoch = curve.length + 1;
    const batches = miniBatches(groups, batchRows, seededRandom(Math.imul(epoch, 0x9e3779b1) ^ seed));
    const sum = await (pass ?? stepByStep)(batches);
    const loss = sum / train.length;
    const validationLoss =
      validation.length === 0 ? undefined : (await saidOfRows(trainer, rows, validation, signal)).loss;
    curve = [...curve, { epoch, loss, ...(validationLoss !== undefined && { validationLoss }) }];
    if (validationLoss === undefined || validationLoss < best.loss)
      best = { epoch, loss: validationLoss ?? loss, weights: copied(trainer) };
    await onEpoch?.({ curve, best, steps: trainer.steps, weights: trainer.weights, states: trainer.states });
  }
  put(best.weights, trainer.weights);
  return { curve, best, steps: trainer.steps, weights: trainer.weights, states: trainer.states };

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

function restore(trainer: Trainer, { steps, weights, states }: FitProgress): void {
  trainer.steps = steps;
  put(weights, trainer.weights);
  put(states, trainer.states);
}

function put(from: ReadonlyMap<string, FixedTensor>, to: ReadonlyMap<string, FixedTensor>): void {
  for (const [name, { data }] of from) to.get(name)?.data.set(data);
}

function copied({ weights, trained }: Trainer): ReadonlyMap<string, FixedTensor> {
  return new Map(
    trained.map((name) => {
      const weight = weights.get(name) as FixedTensor;
      return [name, { ...weight, data: weight.data.slice() }];
    }),
  );
}

import type { FixedTensor } from '../../protocol/tensor.ts';
import type { FitProgress } from './fit-progress.ts';
import { saidOfRows } from './said-of-rows.ts';
import type { Split } from './split.ts';
import { trainedWeights } from './trained-weights.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingRows } from './training-rows.ts';

export interface PassEnd {
  /** What was known before it. */
  readonly before: Pick<FitProgress, 'curve' | 'best'>;
  /** The sum of the losses of its rows. */
  readonly sum: number;
  readonly signal?: AbortSignal | undefined;
}

/** Measures what a pass brought by the rows of validation, and copies the weights where they are the best so far. */
export async function endPass(
  trainer: Trainer,
  rows: TrainingRows,
  { train, validation }: Pick<Split, 'train' | 'validation'>,
  { before: { curve, best }, sum, signal }: PassEnd,
): Promise<Pick<FitProgress, 'curve' | 'best'>> {
  const epoch = curve.length + 1;
  const loss = sum / train.length;
  const validationLoss =
    validation.length === 0 ? undefined : (await saidOfRows(trainer, rows, validation, signal)).loss;
  const isBest = validationLoss === undefined || validationLoss < best.loss;
  return {
    curve: [...curve, { epoch, loss, ...(validationLoss !== undefined && { validationLoss }) }],
    best: isBest ? { epoch, loss: validationLoss ?? loss, weights: copied(trainer) } : best,
  };
}

function copied(trainer: Trainer): ReadonlyMap<string, FixedTensor> {
  const own = trainedWeights(trainer);
  return new Map(Array.from(own, ([name, weight]) => [name, { ...weight, data: weight.data.slice() }]));
}

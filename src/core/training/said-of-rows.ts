import { elementOf } from '../releases/element-of.ts';
import type { Trainer } from './trainer.ts';
import type { TrainingRows } from './training-rows.ts';

/**
 * What a model in training says of rows: a value for each of its outputs, a row after the other, and the mean of the
 * loss.
 */
export interface SaidOfRows {
  readonly values: Float64Array;
  readonly loss: number;
}

const rowsAtOnce = 256;

/** Asks a model in training about rows, in their order; nothing is learned. */
export async function saidOfRows(
  trainer: Trainer,
  rows: TrainingRows,
  wanted: readonly number[],
  signal?: AbortSignal,
): Promise<SaidOfRows> {
  const places = new Map(wanted.map((row, place) => [row, place]));
  let values = new Float64Array();
  let sum = 0;
  for (const group of rows.alike(wanted)) {
    for (let from = 0; from < group.length; from += rowsAtOnce) {
      const batch = group.slice(from, from + rowsAtOnce);
      const { loss, prediction } = await trainer.evaluate(rows.batch(batch), signal);
      sum += loss * batch.length;
      const size = prediction.shape.at(-1) ?? 1;
      if (values.length === 0) values = new Float64Array(wanted.length * size);
      const element = elementOf(prediction);
      for (const [at, row] of batch.entries())
        for (let column = 0; column < size; column += 1)
          values[(places.get(row) as number) * size + column] = Number(element(at * size + column));
    }
  }
  return { values, loss: sum / wanted.length };
}

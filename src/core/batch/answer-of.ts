import type { AnsweredRecord } from '../../ports/part-writer.ts';
import type { OutputTensor } from '../../protocol/inference.ts';
import { rowOf } from '../../protocol/row-of.ts';
import type { Tensor } from '../../protocol/tensor.ts';

/** A record's own part of an output; of one that ran alone, all of it, but for a batch dimension of 1. */
export function answerOf(output: OutputTensor, { row, rows }: Pick<AnsweredRecord, 'row' | 'rows'>): Tensor {
  return output.shape[0] === rows ? rowOf(output, row) : output;
}

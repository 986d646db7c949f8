import type { TensorSpec } from '../../protocol/tensor-spec.ts';

/** Whether an output holds numbers that say how much, not which. */
export function isScores({ datatype }: TensorSpec): boolean {
  return datatype === 'FP32' || datatype === 'FP64';
}

import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { hasBatchDimension } from '../batch/has-batch-dimension.ts';

/** An input as one item fills it. Throws an Error where its first dimension is no batch. */
export function withoutBatch(input: TensorSpec): TensorSpec {
  const { name, shape, anyRank } = input;
  if (!anyRank && hasBatchDimension(shape)) return { ...input, shape: shape.slice(1) };
  throw new Error(`input '${name}' has the shape [${shape}]: expected the items of a batch in its first dimension`);
}

import type { TensorSpec } from '../../protocol/tensor-spec.ts';

/** An input as one item fills it. Throws an Error where its first dimension is no batch. */
export function withoutBatch(input: TensorSpec): TensorSpec {
  const { name, shape, anyRank } = input;
  const [batch, ...row] = shape;
  if (!anyRank && (batch === -1 || batch === 1)) return { ...input, shape: row };
  throw new Error(`input '${name}' has the shape [${shape}]: expected the items of a batch in its first dimension`);
}

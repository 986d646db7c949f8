import type { TensorSpec } from '../protocol/tensor-spec.ts';

/** An input or output as the protocol's metadata has it, which knows no tensors of any rank: they show as [-1] (decision 5). */
export function metadataTensor({ name, datatype, shape }: TensorSpec): TensorSpec {
  return { name, datatype, shape };
}

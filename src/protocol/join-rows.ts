import { joinBytes } from './join-bytes.ts';
import type { BytesTensor, FixedTensor, Tensor } from './tensor.ts';

/** The rows of tensors that are alike but for the number of them, one tensor's after another's. */
export function joinRows(tensors: readonly [Tensor, ...Tensor[]]): Tensor {
  const [{ datatype, shape }] = tensors;
  const rows = tensors.reduce((sum, tensor) => sum + (tensor.shape[0] ?? 0), 0);
  const joined = [rows, ...shape.slice(1)];
  if (datatype === 'BYTES') {
    return { datatype, shape: joined, data: (tensors as readonly BytesTensor[]).flatMap(({ data }) => data) };
  }
  return { datatype, shape: joined, data: joinBytes((tensors as readonly FixedTensor[]).map(({ data }) => data)) };
}

import type { Tensor } from './tensor.ts';
import { tensorBytes } from './tensor-bytes.ts';

/** Bytes that the data of all tensors take together. */
export function totalBytes(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
}

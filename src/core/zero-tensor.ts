import { countElements } from '../protocol/count-elements.ts';
import { shapeBytes } from '../protocol/shape-bytes.ts';
import type { FixedTensor, Tensor, TensorKind } from '../protocol/tensor.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';

/**
 * A tensor of zeros (of empty strings for BYTES) that fits `spec`; free dimensions are 1 unless `shape` says otherwise.
 */
export function zeroTensor(spec: TensorKind): FixedTensor;
export function zeroTensor(spec: Pick<TensorSpec, 'datatype' | 'shape'>, shape?: readonly number[]): Tensor;
export function zeroTensor(
  { datatype, shape: free }: Pick<TensorSpec, 'datatype' | 'shape'>,
  shape: readonly number[] = free.map((size) => Math.abs(size)),
): Tensor {
  if (datatype !== 'BYTES') return { datatype, shape, data: new Uint8Array(shapeBytes({ datatype, shape })) };
  const empty = new Uint8Array(0);
  return { datatype, shape, data: Array.from({ length: countElements(shape) }, () => empty) };
}

import { countElements } from '../protocol/count-elements.ts';
import { elementBytes } from '../protocol/element-bytes.ts';
import type { Tensor } from '../protocol/tensor.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';

/** A tensor of zeros (of empty strings for BYTES) that fits `spec`; free dimensions are 1 unless `shape` says otherwise. */
export function zeroTensor(
  spec: TensorSpec,
  shape: readonly number[] = spec.shape.map((size) => Math.abs(size)),
): Tensor {
  const elements = countElements(shape);
  if (spec.datatype === 'BYTES') {
    const empty = new Uint8Array(0);
    return { datatype: 'BYTES', shape, data: Array.from({ length: elements }, () => empty) };
  }
  return { datatype: spec.datatype, shape, data: new Uint8Array(elements * elementBytes[spec.datatype]) };
}

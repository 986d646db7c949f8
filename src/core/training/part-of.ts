import type { PlacedTensor } from '../../ports/session.ts';
import { countElements } from '../../protocol/count-elements.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';

/** Some elements of a tensor, from `start` on, as a tensor over the same memory; that of a device is to be released. */
export function partOf<T extends FixedTensor | PlacedTensor>(tensor: T, start: number, shape: readonly number[]): T;
export function partOf(tensor: FixedTensor | PlacedTensor, start: number, shape: readonly number[]): FixedTensor {
  if ('part' in tensor) return tensor.part(start, shape);
  const { datatype, data } = tensor;
  const width = elementBytes[datatype];
  const elements = countElements(shape);
  return { datatype, shape, data: data.subarray(start * width, (start + elements) * width) };
}

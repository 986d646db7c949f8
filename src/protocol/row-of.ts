import { countElements } from './count-elements.ts';
import { elementBytes } from './element-bytes.ts';
import type { Tensor } from './tensor.ts';

/** A row of a tensor of one dimension or more, over the same memory. */
export function rowOf(tensor: Tensor, row: number): Tensor {
  const shape = tensor.shape.slice(1);
  const size = countElements(shape) * (tensor.datatype === 'BYTES' ? 1 : elementBytes[tensor.datatype]);
  if (tensor.datatype === 'BYTES')
    return { datatype: 'BYTES', shape, data: tensor.data.slice(row * size, (row + 1) * size) };
  return { datatype: tensor.datatype, shape, data: tensor.data.subarray(row * size, (row + 1) * size) };
}

import { countElements } from './count-elements.ts';
import { elementBytes } from './element-bytes.ts';
import type { Tensor } from './tensor.ts';

/** Rows of a tensor of one dimension or more, from `start` up to, and without, `end`, over the same memory. */
export function rowsOf<T extends Tensor>(tensor: T, start: number, end: number): T {
  const { datatype, data } = tensor;
  const rest = tensor.shape.slice(1);
  const size = countElements(rest) * (datatype === 'BYTES' ? 1 : elementBytes[datatype]);
  const [from, to] = [start * size, end * size];
  return {
    ...tensor,
    shape: [end - start, ...rest],
    data: datatype === 'BYTES' ? data.slice(from, to) : data.subarray(from, to),
  };
}

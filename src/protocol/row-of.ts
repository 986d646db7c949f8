import { rowsOf } from './rows-of.ts';
import type { Tensor } from './tensor.ts';

/** A row of a tensor of one dimension or more, over the same memory. */
export function rowOf(tensor: Tensor, row: number): Tensor {
  const { datatype, shape, data } = rowsOf(tensor, row, row + 1);
  return { datatype, shape: shape.slice(1), data } as Tensor;
}

import { countElements } from '../../protocol/count-elements.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { isFraction } from '../is-fraction.ts';
import { elementOf } from '../releases/element-of.ts';

const near = 1e-3;

/**
 * Whether each row of a tensor shares 1 out among classes: the largest of its elements is an answer, the others are how
 * sure that is.
 */
export function isProbabilities(tensor: Tensor): boolean {
  const columns = tensor.shape.at(-1) ?? 1;
  const count = countElements(tensor.shape);
  if (!isFraction(tensor.datatype) || columns < 2 || count === 0) return false;
  const element = elementOf(tensor);
  for (let start = 0; start < count; start += columns) {
    let sum = 0;
    for (let place = start; place < start + columns; place += 1) {
      const value = Number(element(place));
      if (!(value >= 0)) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > near) return false;
  }
  return true;
}

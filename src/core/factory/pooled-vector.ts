import { countElements } from '../../protocol/count-elements.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { elementOf } from '../releases/element-of.ts';

/** One vector of length 1 for an answer: the mean of its rows, which lie along the last axis. */
export function pooledVector(answer: Tensor): Float64Array {
  const columns = answer.shape.at(-1) ?? 1;
  const element = elementOf(answer);
  const sum = new Float64Array(columns);
  const count = countElements(answer.shape);
  for (let place = 0; place < count; place += 1) {
    const column = place % columns;
    sum[column] = (sum[column] as number) + Number(element(place));
  }
  const length = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0)) || 1;
  return sum.map((value) => value / length);
}

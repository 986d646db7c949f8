import { countElements } from '../../protocol/count-elements.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { elementOf } from '../releases/element-of.ts';

/**
 * The least cosine of a row of one tensor and that row of another of the same shape, rows lying along the last axis; 1
 * where there are none.
 */
export function leastCosine(actual: Tensor, expected: Tensor): number {
  const [found, wanted] = [elementOf(actual), elementOf(expected)];
  const columns = actual.shape.at(-1) ?? 1;
  const rows = columns === 0 ? 0 : countElements(actual.shape) / columns;
  let least = 1;
  for (let row = 0; row < rows; row += 1) {
    let [product, one, other] = [0, 0, 0];
    for (let place = row * columns; place < (row + 1) * columns; place += 1) {
      const [a, b] = [Number(found(place)), Number(wanted(place))];
      product += a * b;
      one += a * a;
      other += b * b;
    }
    // Of a row of zeros, and of one with an infinity, only the same is near.
    const cosine = one > 0 && other > 0 ? product / Math.sqrt(one * other) : Number(one === other);
    least = Math.min(least, Number.isNaN(cosine) ? 1 : cosine);
  }
  return least;
}

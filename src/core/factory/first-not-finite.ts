import { countElements } from '../../protocol/count-elements.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { isFraction } from '../is-fraction.ts';
import { elementOf } from '../releases/element-of.ts';

/**
 * The first element of an answer that is NaN or infinite where that expected is neither; undefined where there is none.
 * Both have one shape.
 */
export function firstNotFinite(actual: Tensor, expected: Tensor): { place: number; value: number } | undefined {
  if (!isFraction(actual.datatype) || !isFraction(expected.datatype)) return undefined;
  const [found, wanted] = [elementOf(actual), elementOf(expected)];
  const count = countElements(actual.shape);
  for (let place = 0; place < count; place += 1) {
    const value = Number(found(place));
    if (!Number.isFinite(value) && Number.isFinite(Number(wanted(place)))) return { place, value };
  }
  return undefined;
}

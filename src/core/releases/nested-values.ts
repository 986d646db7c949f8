import type { Tensor } from '../../protocol/tensor.ts';
import { elementOf } from './element-of.ts';

/**
 * The elements of a tensor as JSON has them, nested as its dimensions are; undefined where JSON has no form for one,
 * such as NaN.
 */
export function nestedValues(tensor: Tensor): unknown {
  const element = elementOf(tensor);
  let place = 0;
  let isWhole = true;
  const next = (): unknown => {
    const value = element(place);
    place += 1;
    if (typeof value === 'bigint') {
      const number = Number(value);
      isWhole &&= Number.isSafeInteger(number);
      return number;
    }
    isWhole &&= typeof value === 'string' || Number.isFinite(value);
    return value;
  };
  const nest = (axis: number): unknown =>
    axis === tensor.shape.length ? next() : Array.from({ length: tensor.shape[axis] ?? 0 }, () => nest(axis + 1));
  const values = nest(0);
  return isWhole ? values : undefined;
}

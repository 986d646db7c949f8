import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

/**
 * Element type and shape of a tensor or of what a model says of one; free dimensions are -1. `info` stays the caller's.
 */
export function readShape(api: Api, info: Pointer): { elementType: number; shape: number[] } {
  const numbers = new BigUint64Array(2);
  check(api, api.getTensorElementType(info, numbers.subarray(0, 1)));
  check(api, api.getDimensionsCount(info, numbers.subarray(1)));
  const dimensions = new BigInt64Array(Number(numbers[1]));
  if (dimensions.length > 0) check(api, api.getDimensions(info, dimensions, dimensions.length));
  return { elementType: Number(numbers[0]), shape: Array.from(dimensions, Number) };
}

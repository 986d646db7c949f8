import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

// Written and read within one synchronous step, so one serves all.
const out = new BigUint64Array(1);

/** A value over `data`, which must be held until the value is released. */
export function createValue(api: Api, data: Uint8Array, dimensions: BigInt64Array, elementType: number): Pointer {
  const { memoryInfo } = api;
  check(api, api.createTensorWithData(memoryInfo, data, data.length, dimensions, dimensions.length, elementType, out));
  return out[0] as Pointer;
}

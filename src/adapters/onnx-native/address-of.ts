import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

// Written and read within one synchronous step, so one serves all.
const out = new BigUint64Array(1);

/** Where a tensor's data is, in the memory that it lies in. */
export function addressOf(api: Api, value: Pointer): Pointer {
  check(api, api.getTensorMutableData(value, out));
  return out[0] as Pointer;
}

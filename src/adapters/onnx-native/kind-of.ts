import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

/** What a value is, as a number of `ValueKind`. */
export function kindOf(api: Api, value: Pointer): number {
  const out = new BigUint64Array(1);
  check(api, api.getValueType(value, out));
  return Number(out[0]);
}

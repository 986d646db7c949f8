import koffi from 'koffi';
import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

/** The names of a session's inputs, or of its outputs and so on, by the functions for these. */
export function sessionNames(
  api: Api,
  session: Pointer,
  [getCount, getName]: readonly [Api['sessionGetInputCount'], Api['sessionGetInputName']],
): readonly string[] {
  const out = new BigUint64Array(1);
  check(api, getCount(session, out));
  return Array.from({ length: Number(out[0]) }, (_, index) => {
    check(api, getName(session, index, api.allocator, out));
    const nameAt = out[0] as Pointer;
    const name = koffi.decode.string(nameAt);
    check(api, api.allocatorFree(api.allocator, nameAt));
    return name;
  });
}

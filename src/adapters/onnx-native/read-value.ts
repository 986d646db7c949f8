import type { SessionOutput } from '../../ports/session.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';
import { readMapSequence } from './read-map-sequence.ts';
import { readTensor } from './read-tensor.ts';
import { ValueKind } from './value-kind.ts';

/** Copies a native value into JavaScript memory; `value` stays the caller's. */
export function readValue(api: Api, value: Pointer): SessionOutput {
  const out = new BigUint64Array(1);
  check(api, api.getValueType(value, out));
  return Number(out[0]) === ValueKind.sequence ? readMapSequence(api, value) : readTensor(api, value);
}

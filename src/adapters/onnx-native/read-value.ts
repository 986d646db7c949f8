import type { SessionOutput } from '../../ports/session.ts';
import type { Api } from './api.ts';
import { kindOf } from './kind-of.ts';
import type { Pointer } from './native-types.ts';
import { readMapSequence } from './read-map-sequence.ts';
import { readTensor } from './read-tensor.ts';
import { ValueKind } from './value-kind.ts';

/** Copies a native value into JavaScript memory; `value` stays the caller's. */
export function readValue(api: Api, value: Pointer): SessionOutput {
  return kindOf(api, value) === ValueKind.sequence ? readMapSequence(api, value) : readTensor(api, value);
}

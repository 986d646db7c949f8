import type { SessionOutput } from '../../ports/session.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import { allocate } from './allocate.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';
import { readTexts } from './read-texts.ts';
import { tensorForm } from './tensor-form.ts';

/** Copies a native tensor; `value` stays the caller's. */
export function readTensor(api: Api, value: Pointer): SessionOutput {
  const { datatype, shape, count } = tensorForm(api, value);
  if (datatype === 'BYTES') return { datatype, shape, data: readTexts(api, value, count) };
  const data = allocate(count * elementBytes[datatype]);
  if (data.length > 0) {
    const out = new BigUint64Array(1);
    check(api, api.getTensorMutableData(value, out));
    api.memory.copy(data, out[0] as Pointer, data.length);
  }
  return { datatype, shape, data };
}

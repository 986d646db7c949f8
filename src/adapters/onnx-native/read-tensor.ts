import type { SessionOutput } from '../../ports/session.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import { addressOf } from './address-of.ts';
import { allocate } from './allocate.ts';
import type { Api } from './api.ts';
import type { Pointer } from './native-types.ts';
import { readTexts } from './read-texts.ts';
import { tensorForm } from './tensor-form.ts';

/** Copies a native tensor; `value` stays the caller's. */
export function readTensor(api: Api, value: Pointer): SessionOutput {
  const { datatype, shape, count } = tensorForm(api, value);
  if (datatype === 'BYTES') return { datatype, shape, data: readTexts(api, value, count) };
  const data = allocate(count * elementBytes[datatype]);
  if (data.length > 0) api.memory.copy(data, addressOf(api, value), data.length);
  return { datatype, shape, data };
}

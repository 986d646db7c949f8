import type { SessionOutput } from '../../ports/session.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import { allocate } from './allocate.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import { datatypeOf } from './datatype-of.ts';
import type { Pointer } from './native-types.ts';
import { readShape } from './read-shape.ts';
import { readTexts } from './read-texts.ts';

/** Copies a native tensor; `value` stays the caller's. */
export function readTensor(api: Api, value: Pointer): SessionOutput {
  const out = new BigUint64Array(1);
  check(api, api.getTensorTypeAndShape(value, out));
  const { elementType, shape } = readAndRelease(api, out[0] as Pointer);
  const datatype = datatypeOf(elementType);
  if (!datatype) throw new Error(`an output has element type ${elementType}, which has no datatype in the protocol`);
  const count = shape.reduce((product, size) => product * size, 1);
  if (datatype === 'BYTES') return { datatype, shape, data: readTexts(api, value, count) };
  const data = allocate(count * elementBytes[datatype]);
  if (data.length > 0) {
    check(api, api.getTensorMutableData(value, out));
    api.memory.copy(data, out[0] as Pointer, data.length);
  }
  return { datatype, shape, data };
}

function readAndRelease(api: Api, info: Pointer): ReturnType<typeof readShape> {
  try {
    return readShape(api, info);
  } finally {
    api.releaseTensorTypeAndShapeInfo(info);
  }
}

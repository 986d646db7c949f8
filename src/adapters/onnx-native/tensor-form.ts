import { countElements } from '../../protocol/count-elements.ts';
import type { Datatype } from '../../protocol/datatype.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import { datatypeOf } from './datatype-of.ts';
import type { Pointer } from './native-types.ts';
import { readShape } from './read-shape.ts';

/** Datatype, shape and count of elements of a native tensor, wherever it lies; `value` stays the caller's. */
export function tensorForm(
  api: Api,
  value: Pointer,
): { readonly datatype: Datatype; readonly shape: readonly number[]; readonly count: number } {
  const out = new BigUint64Array(1);
  check(api, api.getTensorTypeAndShape(value, out));
  const { elementType, shape } = readAndRelease(api, out[0] as Pointer);
  const datatype = datatypeOf(elementType);
  if (!datatype) throw new Error(`an output has element type ${elementType}, which has no datatype in the protocol`);
  return { datatype, shape, count: countElements(shape) };
}

function readAndRelease(api: Api, info: Pointer): ReturnType<typeof readShape> {
  try {
    return readShape(api, info);
  } finally {
    api.releaseTensorTypeAndShapeInfo(info);
  }
}

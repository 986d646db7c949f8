import koffi from 'koffi';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

/** Names of the dimensions of a session's `inputs`, by input, '' where one has none; of those that have free ones. */
export function readDimensionNames(
  api: Api,
  session: Pointer,
  inputs: readonly TensorSpec[],
): ReadonlyMap<string, readonly string[]> {
  const out = new BigUint64Array(1);
  const names = new Map<string, readonly string[]>();
  for (const [index, { name, shape, anyRank }] of inputs.entries()) {
    if (anyRank || !shape.includes(-1)) continue;
    check(api, api.sessionGetInputTypeInfo(session, index, out));
    const type = out[0] as Pointer;
    try {
      check(api, api.castTypeInfoToTensorInfo(type, out));
      const texts = new BigUint64Array(shape.length);
      check(api, api.getSymbolicDimensions(out[0] as Pointer, texts, texts.length));
      // They lie in what is released below.
      names.set(
        name,
        Array.from(texts, (at) => koffi.decode.string(at)),
      );
    } finally {
      api.releaseTypeInfo(type);
    }
  }
  return names;
}

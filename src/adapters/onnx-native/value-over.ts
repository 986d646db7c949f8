import { shapeBytes } from '../../protocol/shape-bytes.ts';
import type { TensorKind } from '../../protocol/tensor.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import { elementTypes } from './element-types.ts';
import type { Pointer } from './native-types.ts';

// Written and read within one synchronous step, so one serves all.
const out = new BigUint64Array(1);

/**
 * A value over memory at an address, which `memoryInfo` says the place of; whoever asked releases it, and the memory
 * stays.
 */
export function valueOver(api: Api, memoryInfo: Pointer, at: Pointer, kind: TensorKind): Pointer {
  const dimensions = BigInt64Array.from(kind.shape, BigInt);
  const type = elementTypes[kind.datatype];
  check(api, api.createTensorWithData(memoryInfo, at, shapeBytes(kind), dimensions, dimensions.length, type, out));
  return out[0] as Pointer;
}

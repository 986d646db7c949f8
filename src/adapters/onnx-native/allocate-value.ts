import type { Tensor } from '../../protocol/tensor.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import { elementTypes } from './element-types.ts';
import type { Pointer } from './native-types.ts';

// Written and read within one synchronous step, so one serves all.
const out = new BigUint64Array(1);

/** A value over an allocator's memory, as that comes; whoever asked releases it. */
export function allocateValue(
  api: Api,
  allocator: Pointer,
  { datatype, shape }: Pick<Tensor, 'datatype' | 'shape'>,
): Pointer {
  const dimensions = BigInt64Array.from(shape, BigInt);
  check(api, api.createTensor(allocator, dimensions, dimensions.length, elementTypes[datatype], out));
  return out[0] as Pointer;
}

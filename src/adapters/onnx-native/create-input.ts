import type { Tensor } from '../../protocol/tensor.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import { createValue } from './create-value.ts';
import { elementTypes } from './element-types.ts';
import type { Pointer } from './native-types.ts';
import { writeTexts } from './write-texts.ts';

const out = new BigUint64Array(1);

/** A value of what is fed: over the tensor's data, which must be held until the value is released, or of texts of its own. */
export function createInput(api: Api, tensor: Tensor, dimensions: BigInt64Array): Pointer {
  const type = elementTypes[tensor.datatype];
  if (tensor.datatype !== 'BYTES') return createValue(api, tensor.data, dimensions, type);
  check(api, api.createTensor(api.allocator, dimensions, dimensions.length, type, out));
  const value = out[0] as Pointer;
  try {
    writeTexts(api, value, tensor.data);
    return value;
  } catch (error) {
    api.releaseValue(value);
    throw error;
  }
}

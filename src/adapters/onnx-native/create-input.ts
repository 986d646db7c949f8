import type { Tensor } from '../../protocol/tensor.ts';
import { allocateValue } from './allocate-value.ts';
import type { Api } from './api.ts';
import { createValue } from './create-value.ts';
import { elementTypes } from './element-types.ts';
import type { Pointer } from './native-types.ts';
import { writeTexts } from './write-texts.ts';

/**
 * A value of what is fed: over the tensor's data, which must be held until the value is released, or of texts of its
 * own.
 */
export function createInput(api: Api, tensor: Tensor, dimensions: BigInt64Array): Pointer {
  if (tensor.datatype !== 'BYTES') return createValue(api, tensor.data, dimensions, elementTypes[tensor.datatype]);
  const value = allocateValue(api, api.allocator, tensor);
  try {
    writeTexts(api, value, tensor.data);
    return value;
  } catch (error) {
    api.releaseValue(value);
    throw error;
  }
}

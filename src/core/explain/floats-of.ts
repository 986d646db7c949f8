import { ServiceError } from '../../protocol/service-error.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';

/** The elements of a tensor of floats, over its bytes. Throws 400 for another. */
export function floatsOf({ data, datatype }: FixedTensor): Float32Array {
  if (datatype !== 'FP32') throw new ServiceError(400, `gradients are of floats of 32 bits, and these are ${datatype}`);
  return new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);
}

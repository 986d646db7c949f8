import { ServiceError } from '../protocol/service-error.ts';
import type { FixedTensor } from '../protocol/tensor.ts';

/** The elements of a tensor as numbers. Throws 400 for FP16 and BF16, which JavaScript has no array for. */
export function readNumbers(name: string, tensor: FixedTensor): ArrayLike<number | bigint> {
  const { buffer, byteOffset, byteLength } = tensor.data;
  switch (tensor.datatype) {
    case 'FP32':
      return new Float32Array(buffer, byteOffset, byteLength / 4);
    case 'FP64':
      return new Float64Array(buffer, byteOffset, byteLength / 8);
    case 'INT8':
      return new Int8Array(buffer, byteOffset, byteLength);
    case 'BOOL':
    case 'UINT8':
      return tensor.data;
    case 'INT16':
      return new Int16Array(buffer, byteOffset, byteLength / 2);
    case 'UINT16':
      return new Uint16Array(buffer, byteOffset, byteLength / 2);
    case 'INT32':
      return new Int32Array(buffer, byteOffset, byteLength / 4);
    case 'UINT32':
      return new Uint32Array(buffer, byteOffset, byteLength / 4);
    case 'INT64':
      return new BigInt64Array(buffer, byteOffset, byteLength / 8);
    case 'UINT64':
      return new BigUint64Array(buffer, byteOffset, byteLength / 8);
    default:
      throw new ServiceError(
        400,
        `output '${name}' is ${tensor.datatype}, which has no classification; ask for it as binary data`,
      );
  }
}

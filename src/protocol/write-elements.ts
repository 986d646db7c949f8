import { ServiceError } from './service-error.ts';
import { shortestFloat32 } from './shortest-float32.ts';
import type { Tensor } from './tensor.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A tensor's elements as the text of a flat JSON array. NaN and infinities, which JSON lacks, are strings.
 *
 * Throws 400 for what JSON cannot carry: FP16, BF16, and BYTES that are no UTF-8.
 */
export function writeElements(name: string, tensor: Tensor): string {
  if (tensor.datatype === 'BYTES')
    return `[${tensor.data.map((element) => JSON.stringify(text(name, element))).join(',')}]`;
  const { buffer, byteOffset, byteLength } = tensor.data;
  switch (tensor.datatype) {
    case 'FP32':
      return floats(new Float32Array(buffer, byteOffset, byteLength / 4), shortestFloat32);
    case 'FP64':
      return floats(new Float64Array(buffer, byteOffset, byteLength / 8), (value) =>
        Object.is(value, -0) ? '-0' : String(value),
      );
    case 'BOOL':
      return `[${Array.from(tensor.data, (value) => (value === 0 ? 'false' : 'true')).join(',')}]`;
    case 'INT8':
      return `[${new Int8Array(buffer, byteOffset, byteLength)}]`;
    case 'UINT8':
      return `[${new Uint8Array(buffer, byteOffset, byteLength)}]`;
    case 'INT16':
      return `[${new Int16Array(buffer, byteOffset, byteLength / 2)}]`;
    case 'UINT16':
      return `[${new Uint16Array(buffer, byteOffset, byteLength / 2)}]`;
    case 'INT32':
      return `[${new Int32Array(buffer, byteOffset, byteLength / 4)}]`;
    case 'UINT32':
      return `[${new Uint32Array(buffer, byteOffset, byteLength / 4)}]`;
    case 'INT64':
      return `[${new BigInt64Array(buffer, byteOffset, byteLength / 8)}]`;
    case 'UINT64':
      return `[${new BigUint64Array(buffer, byteOffset, byteLength / 8)}]`;
    default:
      throw new ServiceError(
        400,
        `'${name}' is ${tensor.datatype}, which JSON cannot carry; ask for it as binary data (binary_data: true)`,
      );
  }
}

function floats(values: Float32Array | Float64Array, write: (value: number) => string): string {
  let result = '[';
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] as number;
    if (i > 0) result += ',';
    result += Number.isFinite(value) ? write(value) : `"${value}"`;
  }
  return `${result}]`;
}

function text(name: string, element: Uint8Array): string {
  try {
    return decoder.decode(element);
  } catch (cause) {
    throw new ServiceError(
      400,
      `'${name}' holds bytes that are no UTF-8 text; ask for it as binary data (binary_data: true)`,
      { cause },
    );
  }
}

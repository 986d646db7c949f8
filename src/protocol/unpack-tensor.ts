import { allocateBytes } from './allocate-bytes.ts';
import { countElements } from './count-elements.ts';
import type { Datatype } from './datatype.ts';
import { elementBytes } from './element-bytes.ts';
import { ServiceError } from './service-error.ts';
import type { Tensor } from './tensor.ts';

/**
 * A tensor from its binary form: little-endian elements; for BYTES each with its length before it, as 32 bits.
 *
 * `bytes` is used as it is, and copied only where it does not start at a multiple of the element size.
 * Throws 400 where the length does not agree with the shape. Source: Triton's binary tensor data extension.
 */
export function unpackTensor(name: string, datatype: Datatype, shape: readonly number[], bytes: Uint8Array): Tensor {
  const elements = countElements(shape);
  if (datatype === 'BYTES') return { datatype, shape, data: unpackElements(name, shape, elements, bytes) };
  const expected = elements * elementBytes[datatype];
  if (bytes.length !== expected) {
    throw new ServiceError(
      400,
      `'${name}': shape [${shape}] of ${datatype} is ${expected} bytes of binary data, got ${bytes.length}`,
    );
  }
  if (bytes.byteOffset % elementBytes[datatype] === 0) return { datatype, shape, data: bytes };
  const data = allocateBytes(expected);
  data.set(bytes);
  return { datatype, shape, data };
}

function unpackElements(name: string, shape: readonly number[], elements: number, bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length && data.length < elements) {
    const start = at + 4;
    if (start > bytes.length) throw cut(name, data.length);
    at = start + view.getUint32(start - 4, true);
    if (at > bytes.length) throw cut(name, data.length);
    data.push(bytes.subarray(start, at));
  }
  if (data.length === elements && at === bytes.length) return data;
  const got = data.length < elements ? `${data.length}` : `${bytes.length - at} bytes more`;
  throw new ServiceError(400, `'${name}': shape [${shape}] is ${elements} elements of binary data, got ${got}`);
}

function cut(name: string, index: number): ServiceError {
  return new ServiceError(
    400,
    `'${name}': element ${index} of the binary data is cut off; each element needs its length (32 bits) and its bytes`,
  );
}

import { countElements } from '../../protocol/count-elements.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { npyElements } from './npy-elements.ts';
import { readNpyHeader } from './read-npy-header.ts';
import { rowMajor } from './row-major.ts';

/**
 * Reads a NumPy file of numbers, booleans or strings, in either order of bytes and of elements. Throws an Error for
 * others.
 */
export function readNpy(file: string, bytes: Uint8Array): Tensor {
  const header = readNpyHeader(file, bytes);
  const { isFortran, shape, start } = header;
  const elements = npyElements(file, header);
  const count = countElements(shape);
  const data = bytes.subarray(start);
  if (data.length !== count * elements.bytes) {
    throw new Error(`${file}: expected ${count * elements.bytes} bytes of data, got ${data.length}`);
  }
  return elements.tensor(shape, isFortran ? rowMajor(data, shape, elements.bytes) : data);
}

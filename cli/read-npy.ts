import type { Datatype } from '../src/protocol/datatype.ts';
import type { Tensor } from '../src/protocol/tensor.ts';
import { unpackTensor } from '../src/protocol/unpack-tensor.ts';
import { littleEndian } from './little-endian.ts';
import { readNpyHeader } from './read-npy-header.ts';
import { readNpyTexts } from './read-npy-texts.ts';
import { rowMajor } from './row-major.ts';

// NumPy's type, without the byte order. V2 is what ml_dtypes.bfloat16 is saved as.
const datatypes: Readonly<Record<string, Exclude<Datatype, 'BYTES'>>> = {
  b1: 'BOOL',
  u1: 'UINT8',
  i1: 'INT8',
  u2: 'UINT16',
  u4: 'UINT32',
  u8: 'UINT64',
  i2: 'INT16',
  i4: 'INT32',
  i8: 'INT64',
  f2: 'FP16',
  f4: 'FP32',
  f8: 'FP64',
  V2: 'BF16',
};

/** Reads a NumPy file of numbers, booleans or strings, in either order of bytes and of elements. Throws an Error for others. */
export function readNpy(file: string, bytes: Uint8Array): Tensor {
  const { type, isFortran, shape, start } = readNpyHeader(file, bytes);
  const [, order, kind = '', size] = /^([<>|=])([a-zA-Z])(\d+)$/.exec(type) ?? [];
  const isText = kind === 'U' || kind === 'S';
  const datatype = datatypes[`${kind}${size}`];
  if (!datatype && !isText) {
    throw new Error(`${file}: expected an array of numbers, booleans or strings (<U8, say), got ${type}`);
  }
  const elementBytes = Number(size) * (kind === 'U' ? 4 : 1);
  const count = shape.reduce((product, length) => product * length, 1);
  const data = bytes.subarray(start);
  if (data.length !== count * elementBytes) {
    throw new Error(`${file}: expected ${count * elementBytes} bytes of data, got ${data.length}`);
  }
  const swapped = order === '>' ? littleEndian(data, kind === 'U' ? 4 : elementBytes) : data;
  const ordered = isFortran ? rowMajor(swapped, shape, elementBytes) : swapped;
  if (!datatype) return { datatype: 'BYTES', shape, data: readNpyTexts(ordered, elementBytes, count, kind === 'U') };
  return unpackTensor(file, datatype, shape, ordered);
}

import { countElements } from '../../protocol/count-elements.ts';
import type { Datatype } from '../../protocol/datatype.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { unpackTensor } from '../../protocol/unpack-tensor.ts';
import { littleEndian } from './little-endian.ts';
import type { NpyHeader } from './read-npy-header.ts';
import { readNpyTexts } from './read-npy-texts.ts';

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

/** How the elements of a NumPy array become a tensor's. */
export interface NpyElements {
  readonly datatype: Datatype;
  /** Bytes of one element in the file. */
  readonly bytes: number;
  /** A tensor of elements that lie in row-major order. */
  tensor(shape: readonly number[], data: Uint8Array): Tensor;
}

/** Throws an Error for an array of something else than numbers, booleans or strings. */
export function npyElements(file: string, { type }: NpyHeader): NpyElements {
  const [, order, kind = '', size] = /^([<>|=])([a-zA-Z])(\d+)$/.exec(type) ?? [];
  const isText = kind === 'U' || kind === 'S';
  const datatype = datatypes[`${kind}${size}`];
  if (!datatype && !isText) {
    throw new Error(`${file}: expected an array of numbers, booleans or strings (<U8, say), got ${type}`);
  }
  const bytes = Number(size) * (kind === 'U' ? 4 : 1);
  const inOrder = (data: Uint8Array) => (order === '>' ? littleEndian(data, kind === 'U' ? 4 : bytes) : data);
  if (datatype) {
    return { datatype, bytes, tensor: (shape, data) => unpackTensor(file, datatype, shape, inOrder(data)) };
  }
  return {
    datatype: 'BYTES',
    bytes,
    tensor: (shape, data) => {
      const count = countElements(shape);
      return { datatype: 'BYTES', shape, data: readNpyTexts(inOrder(data), bytes, count, kind === 'U') };
    },
  };
}

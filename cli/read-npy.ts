import type { FixedDatatype } from '../src/protocol/datatype.ts';
import type { Tensor } from '../src/protocol/tensor.ts';
import { unpackTensor } from '../src/protocol/unpack-tensor.ts';

const datatypes: Readonly<Record<string, FixedDatatype>> = {
  '|b1': 'BOOL',
  '|u1': 'UINT8',
  '|i1': 'INT8',
  '<u2': 'UINT16',
  '<u4': 'UINT32',
  '<u8': 'UINT64',
  '<i2': 'INT16',
  '<i4': 'INT32',
  '<i8': 'INT64',
  '<f2': 'FP16',
  '<f4': 'FP32',
  '<f8': 'FP64',
};

/** Reads a NumPy file of a C-ordered, little-endian array. Throws an Error for others. Source: numpy.lib.format, versions 1 and 2. */
export function readNpy(file: string, bytes: Uint8Array): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isNpy = bytes.length >= 12 && String.fromCharCode(...bytes.subarray(1, 6)) === 'NUMPY' && bytes[0] === 0x93;
  if (!isNpy) throw new Error(`${file} is no .npy file`);
  const major = bytes[6] as number;
  if (major !== 1 && major !== 2) throw new Error(`${file}: expected .npy version 1 or 2, got ${major}`);
  const start = major === 1 ? 10 : 12;
  const end = start + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (end > bytes.length) throw new Error(`${file} ends within its header`);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, end));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([0-9, ]*)\)/.exec(header)?.[1];
  if (order === undefined || sizes === undefined) throw new Error(`${file}: its header does not parse`);
  if (order === 'True') throw new Error(`${file} is in Fortran order; save np.ascontiguousarray(array)`);
  const datatype = datatypes[type ?? ''];
  if (!datatype) {
    const known = Object.keys(datatypes).join(', ');
    throw new Error(`${file}: expected an array of one of ${known}, got ${type ?? 'a structured type'}`);
  }
  const shape = sizes
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  return unpackTensor(file, datatype, shape, bytes.subarray(end));
}

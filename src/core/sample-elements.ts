import type { FixedDatatype } from '../protocol/datatype.ts';
import { elementBytes } from '../protocol/element-bytes.ts';
import type { Tensor } from '../protocol/tensor.ts';

const mostElements = 1024;

const gets: Readonly<Record<FixedDatatype, (view: DataView, offset: number) => number | bigint>> = {
  BOOL: (view, offset) => view.getUint8(offset),
  UINT8: (view, offset) => view.getUint8(offset),
  UINT16: (view, offset) => view.getUint16(offset, true),
  UINT32: (view, offset) => view.getUint32(offset, true),
  UINT64: (view, offset) => view.getBigUint64(offset, true),
  INT8: (view, offset) => view.getInt8(offset),
  INT16: (view, offset) => view.getInt16(offset, true),
  INT32: (view, offset) => view.getInt32(offset, true),
  INT64: (view, offset) => view.getBigInt64(offset, true),
  FP16: (view, offset) => half(view.getUint16(offset, true)),
  BF16: (view, offset) => brain(view.getUint16(offset, true)),
  FP32: (view, offset) => view.getFloat32(offset, true),
  FP64: (view, offset) => view.getFloat64(offset, true),
};

/** The elements of a tensor, or 1024 evenly spread over them; numbers that JSON lacks, 64-bit integers and byte strings as text. */
export function sampleElements({ datatype, data }: Tensor): readonly (number | string)[] {
  const count = datatype === 'BYTES' ? data.length : data.length / elementBytes[datatype];
  const places = Array.from({ length: Math.min(count, mostElements) }, (_place, index) =>
    count <= mostElements ? index : Math.floor((index * (count - 1)) / (mostElements - 1)),
  );
  if (datatype === 'BYTES')
    return places.map((place) => String.fromCharCode(...(data[place] as Uint8Array).slice(0, 1024)));
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  return places.map((place) => {
    const value = gets[datatype](view, place * elementBytes[datatype]);
    return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
  });
}

/** The value of IEEE 754's binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (0x400 | fraction) * 2 ** (exponent - 25));
}

/** The value of a bfloat16: the upper half of a binary32. */
function brain(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}

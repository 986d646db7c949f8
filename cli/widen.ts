import type { Tensor } from '../src/protocol/tensor.ts';

/** FP16 and BF16 as FP32, which holds each of their values and has a form as text; other tensors as they are. */
export function widen(tensor: Tensor): Tensor {
  if (tensor.datatype !== 'FP16' && tensor.datatype !== 'BF16') return tensor;
  const { data, shape, datatype } = tensor;
  const halves = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const wide = new DataView(new ArrayBuffer(data.length * 2));
  for (let at = 0; at < data.length; at += 2) {
    const bits = halves.getUint16(at, true);
    if (datatype === 'BF16') wide.setUint32(at * 2, bits * 0x10000, true);
    else wide.setFloat32(at * 2, halfValue(bits), true);
  }
  return { datatype: 'FP32', shape, data: new Uint8Array(wide.buffer) };
}

function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

import type { Tensor } from './tensor.ts';

/** The binary form of a tensor, as `unpackTensor` reads it. */
export function packTensor(tensor: Tensor): Uint8Array {
  if (tensor.datatype !== 'BYTES') return tensor.data;
  const packed = new Uint8Array(tensor.data.reduce((sum, element) => sum + 4 + element.length, 0));
  const view = new DataView(packed.buffer);
  let at = 0;
  for (const element of tensor.data) {
    view.setUint32(at, element.length, true);
    packed.set(element, at + 4);
    at += 4 + element.length;
  }
  return packed;
}

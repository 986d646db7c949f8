import type { Tensor } from './tensor.ts';

/** Bytes of a tensor's elements. */
export function tensorBytes(tensor: Tensor): number {
  if (tensor.datatype === 'BYTES') return tensor.data.reduce((sum, text) => sum + text.length, 0);
  return tensor.held?.bytes ?? tensor.data.length;
}

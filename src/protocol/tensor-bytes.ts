import type { Tensor } from './tensor.ts';

/** Bytes of a tensor's elements. */
export function tensorBytes({ datatype, data }: Tensor): number {
  return datatype === 'BYTES' ? data.reduce((sum, text) => sum + text.length, 0) : data.length;
}

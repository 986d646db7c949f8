import type { Datatype } from '../protocol/datatype.ts';

const fractions = new Set<Datatype>(['FP16', 'BF16', 'FP32', 'FP64']);

/** Whether elements are numbers that may differ a little: neither whole, nor texts. */
export function isFraction(datatype: Datatype): boolean {
  return fractions.has(datatype);
}

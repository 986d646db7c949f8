import type { Datatype } from '../../protocol/datatype.ts';

/** Whether tensors of this type are always binary, since JSON carries none of them. */
export function isHalf(datatype: Datatype): boolean {
  return datatype === 'FP16' || datatype === 'BF16';
}

import type { RowValue } from './row-value.ts';

/** Whether it is the same for all runs and, spread over values of `rank` dimensions, for each of their rows. */
export function sameForRows(value: RowValue | undefined, rank: number): boolean {
  if (value?.kind !== 'same' || !value.shape) return false;
  return value.shape.length < rank || (value.shape.length === rank && value.shape[0] === 1);
}

import type { RowValue } from './row-value.ts';

/** All elements of a scalar or a list of the file, where they are known. */
export function knownNumbers(value: RowValue | undefined): readonly number[] | undefined {
  if (value?.kind !== 'same') return undefined;
  return value.numbers?.every((each) => each !== undefined) ? (value.numbers as readonly number[]) : undefined;
}

import type { LabelledRows } from './prepare-rows.ts';
import { rowNumber } from './row-number.ts';

/** What people call a row: by a name where it has one, else by its number. */
export function rowName({ names }: Pick<LabelledRows, 'names'>, row: number): string {
  return names?.[row] ?? String(rowNumber(row));
}

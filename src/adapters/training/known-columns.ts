import { rowFields } from './row-fields.ts';
import type { FoundRows } from './rows-in.ts';
import { tableColumns } from './table-columns.ts';

/** A row without the target, or without a column that is named, is refused: one that no row here has is in vain. */
const mostBytes = 1024 * 1024;

/**
 * The columns that may be named: of JSONL the fields of all rows that begin in its first MiB, as any row may lack one.
 * Rejects as `tableColumns`.
 */
export async function knownColumns(rows: FoundRows): Promise<readonly string[]> {
  const first = await tableColumns(rows, mostBytes);
  if (rows.format !== 'jsonl' || first.length === 0) return first;
  const { firstRows } = await rowFields(rows, mostBytes);
  return [...firstRows.keys()];
}

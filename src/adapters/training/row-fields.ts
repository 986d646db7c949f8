import { fieldsIn } from './fields-in.ts';
import { filledLines } from './filled-lines.ts';
import type { FoundRows } from './rows-in.ts';

/** The fields that rows of JSONL have. */
export interface RowFields {
  /** Of each field the first row that has it. */
  readonly firstRows: ReadonlyMap<string, number>;
  /** Those that at most half of the rows have. */
  readonly rare: ReadonlySet<string>;
}

/** Reads the fields of rows of JSONL, of those that begin in the first `mostBytes`. */
export async function rowFields(
  { text: { store, file } }: FoundRows,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<RowFields> {
  const firstRows = new Map<string, number>();
  const counts = new Map<string, number>();
  let rows = 0;
  for await (const line of filledLines(store, file, mostBytes)) {
    for (const name of fieldsIn(line) ?? []) {
      if (!firstRows.has(name)) firstRows.set(name, rows);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    rows += 1;
  }
  return { firstRows, rare: new Set([...counts].filter(([, count]) => count * 2 <= rows).map(([name]) => name)) };
}

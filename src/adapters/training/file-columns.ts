import { listNames } from '../../core/list-names.ts';
import { isRowIndex } from '../../core/training/is-row-index.ts';
import { rowNumber } from '../../core/training/row-number.ts';
import { type RowFields, rowFields } from './row-fields.ts';
import type { FoundRows } from './rows-in.ts';
import { tableColumns } from './table-columns.ts';

/** The columns of a file of rows. */
export interface FileColumns {
  readonly all: readonly string[];
  /** Those that are learned from where nobody names some. */
  readonly usual: readonly string[];
  /** What is to be said of the others. */
  readonly notes: readonly string[];
}

/**
 * Finds all columns of a file but the one that is to be told. Of JSONL these are the fields that most rows have,
 * whichever row is the first: one that lacks such a field is refused, and fields of few rows are left out.
 */
export async function fileColumns(rows: FoundRows, uri: string, target: string): Promise<FileColumns> {
  const first = await tableColumns(rows);
  const { firstRows, rare } = rows.format === 'jsonl' ? await rowFields(rows) : noFields;
  const all = [...new Set([...first, ...firstRows.keys()])];
  const others = all.filter((name) => name !== target);
  const numbers = others.filter(isRowIndex);
  const few = others.filter((name) => rare.has(name));
  const notes: string[] = [];
  if (few.length > 0) {
    const told = few.slice(0, mostShown).map((name) => `'${name}' (row ${rowNumber(firstRows.get(name) ?? 0)} has it)`);
    const more = few.length > mostShown ? ` and ${few.length - mostShown} more` : '';
    notes.push(`${uri}: left out, as half of the rows or more have no such field: ${told.join(', ')}${more}`);
  }
  if (numbers.length > 0)
    notes.push(
      `${uri}: left out, as pandas calls the numbers of rows so: ${listNames(numbers)}. With another name, or named by --columns, it counts`,
    );
  return { all, usual: others.filter((name) => !few.includes(name) && !numbers.includes(name)), notes };
}

const mostShown = 5;

const noFields: RowFields = { firstRows: new Map(), rare: new Set() };

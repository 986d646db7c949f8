import { separatorIn } from '../batch/separator-in.ts';

/** The columns that a file of rows has, for a message that none of them is the one that is looked for. */
export function namesOfColumns(columns: readonly string[]): string {
  const names = columns.map((name) => `'${name}'`).join(', ') || 'none';
  const separator = separatorIn(columns);
  if (separator === undefined) return names;
  return `${names}. If ${JSON.stringify(separator)} is between fields, write them with commas (.csv) or tabs (.tsv) between`;
}

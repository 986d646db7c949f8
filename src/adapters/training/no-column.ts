import { namesOfColumns } from '../../core/training/names-of-columns.ts';

/** What a file of rows is refused with that has no column of a name. */
export function noColumn(uri: string, name: string, columns: readonly string[]): Error {
  return new Error(`${uri} has no column '${name}'; it has ${namesOfColumns(columns)}`);
}

import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { emptyRows } from '../training/empty-rows.ts';
import { knownColumns } from '../training/known-columns.ts';
import { rowsIn } from '../training/rows-in.ts';

/**
 * The names of the columns of a stored file of rows. Rejects with ServiceError 400 where it is none, 413 for one that is
 * too large.
 */
export async function columnsOf(
  data: ObjectStore,
  file: StoredFile,
  filename: string,
  ending = '',
): Promise<readonly string[]> {
  try {
    const rows = rowsIn(data, file, filename + ending, data);
    const columns = await knownColumns(rows);
    if (columns.length === 0) throw emptyRows(rows, `'${filename}'`);
    return columns;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status >= 500) throw error;
    // Whoever uploaded it knows it by its name, and not by where it is stored.
    throw new ServiceError(error.status, error.message.replaceAll(file.key, filename));
  }
}

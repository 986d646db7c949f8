import { findRows } from './find-rows.ts';
import type { FoundRows } from './rows-in.ts';

/** As `findRows`, but rejects with an Error for a folder, too. */
export async function rowsOf(uri: string, scratch: string): Promise<FoundRows> {
  const rows = await findRows(uri, scratch);
  if (!rows) throw new Error(`${uri} is a folder: expected a file of rows`);
  return rows;
}

import { locateFile } from '../batch/locate-file.ts';
import { openFolder } from '../batch/open-folder.ts';
import { type FoundRows, rowsIn } from './rows-in.ts';

/**
 * The file of rows at a path, a file:// or an s3:// URI; undefined where that is a folder. Rejects with an Error where
 * there is neither, or it is of another format.
 *
 * @param scratch a folder for work files
 */
export async function findRows(uri: string, scratch: string): Promise<FoundRows | undefined> {
  const { store, key } = locateFile(uri.replace(/\/+$/, ''));
  const file = await store.find(key);
  if (!file) {
    if ((await store.list(`${key}/`)).length > 0) return undefined;
    throw new Error(`there is no file ${uri}, nor a folder with files in it`);
  }
  return rowsIn(store, file, uri, openFolder(scratch));
}

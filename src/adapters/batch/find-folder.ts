import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { hexDigest } from '../hex-digest.ts';

/**
 * A folder as a job's input, its key with '/' at the end, and another version where other files are in it. Undefined
 * where there are none.
 */
export async function findFolder(store: ObjectStore, key: string): Promise<StoredFile | undefined> {
  const files = await store.list(`${key}/`);
  if (files.length === 0) return undefined;
  return {
    key: `${key}/`,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    version: hexDigest(JSON.stringify(files)),
  };
}

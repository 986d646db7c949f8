import type { ObjectStore } from '../ports/object-store.ts';
import { textOfFile } from './text-of-file.ts';

/** All of a small file; undefined where there is none. */
export async function readText(store: ObjectStore, key: string): Promise<string | undefined> {
  const file = await store.find(key);
  return file && textOfFile(store, file);
}

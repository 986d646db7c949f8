import type { ObjectStore } from '../../ports/object-store.ts';
import { readBytes } from './read-bytes.ts';

const decoder = new TextDecoder();

/** A file of JSON, which this project wrote; undefined where there is none. */
export async function readJson<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  const file = await store.find(key);
  return file && (JSON.parse(decoder.decode(await readBytes(store, file))) as T);
}

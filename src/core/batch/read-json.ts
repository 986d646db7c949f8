import type { ObjectStore } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { readBytes } from './read-bytes.ts';

const decoder = new TextDecoder();

/** A file of JSON, which this project wrote; undefined where there is none, or where it went while it was read. */
export async function readJson<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  const file = await store.find(key);
  const bytes = file && (await readBytes(store, file).catch(ifGone));
  return bytes && (JSON.parse(decoder.decode(bytes)) as T);
}

function ifGone(error: unknown): undefined {
  if (!(error instanceof ServiceError) || error.status !== 409) throw error;
}

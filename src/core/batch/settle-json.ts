import type { ObjectStore } from '../../ports/object-store.ts';
import { readJson } from './read-json.ts';
import { writeJson } from './write-json.ts';

/** Stores a value as JSON, once: what comes back is this one, or the one that was there. */
export async function settleJson<T>(store: ObjectStore, key: string, value: T): Promise<T> {
  const { isNew } = await writeJson(store, key, value);
  return isNew ? value : ((await readJson<T>(store, key)) ?? value);
}

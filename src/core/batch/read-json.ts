import type { ObjectStore } from '../../ports/object-store.ts';

const decoder = new TextDecoder();

/** A file of JSON, which this project wrote; undefined where there is none. */
export async function readJson<T>(store: ObjectStore, key: string): Promise<T | undefined> {
  const file = await store.find(key);
  if (!file) return undefined;
  let text = '';
  for await (const piece of store.read(file)) text += decoder.decode(piece, { stream: true });
  return JSON.parse(text) as T;
}

import type { ObjectStore } from '../../ports/object-store.ts';

/** All of a small file; undefined where there is none. */
export async function readText(store: ObjectStore, key: string): Promise<string | undefined> {
  const file = await store.find(key);
  if (!file) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of store.read(file)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

import type { CreatedFile, ObjectStore } from '../../ports/object-store.ts';
import { joined } from './joined.ts';

/** Stores a value as JSON, unless the key is there. */
export function writeJson(store: ObjectStore, key: string, value: unknown): Promise<CreatedFile> {
  return store.create(key, joined([new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)]));
}

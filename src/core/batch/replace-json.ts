import type { RewritableStore } from '../../ports/object-store.ts';

/** Stores a value as JSON, in place of what the key holds. */
export function replaceJson(store: RewritableStore, key: string, value: unknown): Promise<void> {
  return store.replace(key, new TextEncoder().encode(JSON.stringify(value)));
}

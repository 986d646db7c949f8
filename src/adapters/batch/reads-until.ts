import type { ObjectStore } from '../../ports/object-store.ts';

/** The same files; once `signal` aborts, reads that go on reject with its reason. */
export function readsUntil(signal: AbortSignal, store: ObjectStore): ObjectStore {
  return {
    find: (key) => store.find(key),
    list: (prefix) => store.list(prefix),
    measure: (file) => store.measure(file),
    create: (...file) => store.create(...file),
    remove: (key) => store.remove(key),
    read: async function* (...range) {
      for await (const piece of store.read(...range)) {
        signal.throwIfAborted();
        yield piece;
      }
    },
  };
}

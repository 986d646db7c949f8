import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';

/** The same store, where one file is the version that a job began with, also once it was replaced. */
export function pinnedInput(store: ObjectStore, file: StoredFile): ObjectStore {
  return {
    find: async (key) => (key === file.key ? file : store.find(key)),
    read: (each, start, end) => store.read(each, start, end),
    list: (prefix) => store.list(prefix),
    create: (key, body) => store.create(key, body),
    remove: (key) => store.remove(key),
  };
}

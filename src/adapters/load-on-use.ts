import type { ModelStore, StoredModel } from '../ports/model-store.ts';

/** The same store, but for when models load: those `pinned` at the start, to stay, all others when first asked for. */
export function loadOnUse(store: ModelStore, pinned: readonly string[]): ModelStore {
  const change = (model: StoredModel): StoredModel => ({
    ...model,
    config: pinned.includes(model.name)
      ? { ...model.config, load: 'start', pinned: true }
      : { ...model.config, load: 'first-use' },
  });
  return {
    list: async () => (await store.list()).map(change),
    find: async (name) => {
      const model = await store.find(name);
      return model && change(model);
    },
    fetch: (name, version) => store.fetch(name, version),
    readText: (name, version, file) => store.readText(name, version, file),
    put: (name, version, files) => store.put(name, version, files),
    watch: (changed) => store.watch(changed),
  };
}

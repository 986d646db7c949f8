import type { ModelStore, StoredModel } from '../../ports/model-store.ts';

/** The same store, but with every version of each model there to be used: a job goes on with its version when a newer one comes. */
export function allVersions(store: ModelStore): ModelStore {
  const change = (model: StoredModel): StoredModel => ({
    ...model,
    config: { ...model.config, versionPolicy: { kind: 'all' } },
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

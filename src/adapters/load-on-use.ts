import type { ModelStore, StoredModel } from '../ports/model-store.ts';
import { sameStore } from './same-store.ts';

export interface LoadOnUseOptions {
  /** Models that load at the start, to stay; all others load when they are first asked for. */
  readonly pinned: readonly string[];
  /** The models that there are to be; all of the store's where there are none. */
  readonly served: readonly string[];
  /**
   * Whether every version may be used, also those that the model's settings do not serve: a job goes on with its
   * version when a newer one comes.
   * @default false
   */
  readonly everyVersion?: boolean;
}

/** The same store, but for which models there are and when they load. */
export function loadOnUse(store: ModelStore, { pinned, served, everyVersion = false }: LoadOnUseOptions): ModelStore {
  const isServed = (name: string) => served.length === 0 || served.includes(name);
  const change = (model: StoredModel): StoredModel => ({
    ...model,
    config: {
      ...model.config,
      ...(everyVersion && { versionPolicy: { kind: 'all' } }),
      ...(pinned.includes(model.name) ? { load: 'start', pinned: true } : { load: 'first-use' }),
    },
  });
  return {
    ...sameStore(store),
    list: async () => (await store.list()).filter(({ name }) => isServed(name)).map(change),
    find: async (name) => {
      const model = isServed(name) ? await store.find(name) : undefined;
      return model && change(model);
    },
  };
}

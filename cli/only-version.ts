import { sameStore } from '../src/adapters/same-store.ts';
import type { ModelConfig, ModelStore, StoredModel } from '../src/ports/model-store.ts';

/**
 * The store with one version of one model, with `settings` in place of those of its model.json; it loads as it is first
 * asked for.
 */
export function onlyVersion(
  store: ModelStore,
  model: StoredModel,
  version: number,
  settings: Partial<ModelConfig> = {},
): ModelStore {
  const config: ModelConfig = {
    ...model.config,
    versionPolicy: { kind: 'specific', versions: [version] },
    load: 'first-use',
    ...settings,
  };
  const only = { ...model, versions: [version], aliases: {}, config };
  return {
    ...sameStore(store),
    list: async () => [only],
    find: async () => only,
  };
}

import { openModelStore } from '../src/adapters/open-model-store.ts';
import type { ModelStore, StoredModel } from '../src/ports/model-store.ts';
import { unknownModel } from './unknown-model.ts';

/**
 * A model of the repository at `uri`. Rejects with an Error that names the model most likely meant.
 *
 * @param keys whose signatures count, as `--require-signature` has them: nothing else of the repository is loaded
 */
export async function findModel(
  uri: string,
  name: string,
  keys?: string,
): Promise<{ store: ModelStore; model: StoredModel }> {
  const stored = openModelStore(uri);
  const store = keys === undefined ? stored : await signed(stored, uri, keys);
  const model = await store.find(name);
  if (model) return { store, model };
  const names = (await store.list()).map((known) => known.name);
  throw unknownModel(name, uri, names);
}

async function signed(store: ModelStore, uri: string, keys: string): Promise<ModelStore> {
  const { requireSigned } = await import('../src/adapters/signatures/require-signed.ts');
  return requireSigned(store, uri, keys);
}

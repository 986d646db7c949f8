import { openModelStore } from '../src/adapters/open-model-store.ts';
import type { ModelStore, StoredModel } from '../src/ports/model-store.ts';
import { unknownModel } from './unknown-model.ts';

/** A model of the repository at `uri`. Rejects with an Error that names the model most likely meant. */
export async function findModel(uri: string, name: string): Promise<{ store: ModelStore; model: StoredModel }> {
  const store = openModelStore(uri);
  const model = await store.find(name);
  if (model) return { store, model };
  const names = (await store.list()).map((known) => known.name);
  throw unknownModel(name, uri, names);
}

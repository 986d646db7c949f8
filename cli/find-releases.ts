import type { ModelStore, StoredModel } from '../src/ports/model-store.ts';
import { findModel } from './find-model.ts';
import { refuseEnsemble } from './refuse-ensemble.ts';

/** A model whose releases are to be changed. */
export interface Releases {
  readonly uri: string;
  readonly store: ModelStore;
  readonly model: StoredModel;
}

/**
 * A model with versions of its own. Rejects with an Error where there is none, or what it has cannot be read; `keys`
 * are as of `findModel`.
 */
export async function findReleases(uri: string, name: string, keys?: string): Promise<Releases> {
  const { store, model } = await findModel(uri, name, keys);
  refuseEnsemble(model, 'release those');
  return { uri, store, model };
}

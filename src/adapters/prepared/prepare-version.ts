import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelStore } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { makeForm } from './make-form.ts';
import type { Preparation } from './preparation.ts';

/**
 * Makes the form of a version that is prepared for this kind of machine, and has the store keep it in place of the one that there was.
 *
 * A form that answers something else than the model, or wins nothing, is not used: the store keeps a note of that in its place.
 * Rejects where the version cannot be read or does not load, and where the store cannot keep the form.
 */
export async function prepareVersion(store: ModelStore, name: string, version: number): Promise<Preparation> {
  const model = await store.find(name);
  if (!model?.versions.includes(version)) {
    throw new ServiceError(404, `there is no model '${name}' version ${version} in the store`);
  }
  const digest = await store.digest(name, version);
  const files = await store.fetch(name, version);
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-prepare-'));
  try {
    const made = await makeForm(files, model.config, folder);
    await store.putPrepared(name, version, digest, folder);
    return { model: name, version, ...made };
  } finally {
    files.release?.();
    await rm(folder, { recursive: true, force: true });
  }
}

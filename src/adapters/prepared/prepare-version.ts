import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versionLabel } from '../../core/version-label.ts';
import type { ModelFiles, ModelStore } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { hiddenName } from '../s3-model-store/hidden-name.ts';
import { makeForm } from './make-form.ts';
import type { Preparation } from './preparation.ts';
import { preparingMemory } from './preparing-memory.ts';

export interface PrepareOptions {
  /** Bytes of memory that there are for it. @default not looked at */
  readonly memoryBytes?: number;
  /** Where the form is made, under a hidden name. @default the system's folder for temporary files */
  readonly scratchFolder?: string;
}

/**
 * Makes the form of a version that is prepared for this kind of machine, and has the store keep it in place of the one
 * that there was.
 *
 * A form that answers something else than the model, or wins nothing, is not used: the store keeps a note of that in
 * its place. Rejects where the version cannot be read or does not load, where the store cannot keep the form, and with
 * ServiceError 507 where the version is too large for the memory.
 */
export async function prepareVersion(
  store: ModelStore,
  name: string,
  version: number,
  { memoryBytes = Number.POSITIVE_INFINITY, scratchFolder = tmpdir() }: PrepareOptions = {},
): Promise<Preparation> {
  const label = versionLabel(name, version);
  const model = await store.find(name);
  if (!model?.versions.includes(version)) throw new ServiceError(404, `there is no ${label} in the store`);
  const digest = await store.digest(name, version);
  const files = await store.fetch(name, version);
  const folder = join(scratchFolder, hiddenName());
  try {
    await mkdir(folder, { mode: 0o700 });
    checkMemory(files, memoryBytes, label);
    // Else the form of the one would be kept as that of the other.
    if ((await store.digest(name, version)) !== digest) {
      throw new ServiceError(503, `${label} was replaced while it was read: prepare it again`);
    }
    const made = await makeForm(files, model.config, folder);
    await store.putPrepared(name, version, digest, folder);
    return { model: name, version, ...made };
  } finally {
    files.release?.();
    await rm(folder, { recursive: true, force: true });
  }
}

function checkMemory({ bytes }: ModelFiles, memoryBytes: number, label: string): void {
  if (bytes * preparingMemory <= memoryBytes) return;
  throw new ServiceError(
    507,
    `${label} is ${bytes} bytes, and preparing it may take ${preparingMemory} times as much memory, of which there are ${Math.floor(memoryBytes)} bytes: give it more`,
  );
}

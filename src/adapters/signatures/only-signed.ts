import { join, relative } from 'node:path';
import { versionLabel } from '../../core/version-label.ts';
import type { ModelFiles, ModelStore } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { listFiles } from '../directory-model-store/list-files.ts';
import { readTraits } from '../directory-model-store/read-traits.ts';
import type { ModelFile } from '../directory-model-store/version-layout.ts';
import { hexDigest } from '../hex-digest.ts';
import { sameStore } from '../same-store.ts';
import { checkFiles } from './check-files.ts';
import { copyPrivately } from './copy-privately.ts';
import type { ManifestFiles } from './files-of-manifest.ts';
import type { PublicKeys } from './public-keys.ts';
import { readSignedManifest } from './read-signed-manifest.ts';
import { signatureFile } from './signature-file.ts';
import { versionManifestFile } from './version-manifest-file.ts';

export interface OnlySignedOptions {
  readonly keys: PublicKeys;
  /**
   * Folder for copies of what is to be opened, where others might write to the files in between; undefined where the
   * store's own are out of their reach.
   */
  readonly copies: string | undefined;
}

const notPrepared = {
  whyNot: 'prepared forms are not signed, and this host opens nothing that is not (--require-signature)',
  wasTried: true,
};

/**
 * The same store, but that nothing of a version is opened or read unless one of the keys has signed it and every file
 * is to the byte what was signed. What is opened is what was checked: a copy of its own where the files lie where
 * others may write.
 */
export function onlySigned(store: ModelStore, { keys, copies }: OnlySignedOptions): ModelStore {
  // Versions do not change once they are stored: what was signed of one holds for as long as this process.
  const manifests = new Map<string, ManifestFiles>();

  const manifestOf = async (name: string, version: number): Promise<ManifestFiles> => {
    const label = versionLabel(name, version);
    const known = manifests.get(label) ?? (await readSignedManifest(store, name, version, keys)).files;
    manifests.set(label, known);
    return known;
  };

  const opened = async (files: ModelFiles, name: string, version: number): Promise<ModelFiles> => {
    const label = versionLabel(name, version);
    const modelFile = relative(files.folder, files.path);
    const found = (await listFiles(files.folder, modelFile as ModelFile, label)).map(({ file }) => file);
    const copy = copies === undefined ? undefined : await copyPrivately(files.folder, found, copies);
    try {
      const folder = copy?.folder ?? files.folder;
      await checkFiles(folder, found, await manifestOf(name, version));
      const path = join(folder, modelFile);
      const release = () => {
        copy?.release();
        files.release?.();
      };
      return { ...files, ...(copy && (await readTraits(path, label))), path, folder, release };
    } catch (error) {
      copy?.release();
      throw error;
    }
  };

  const fetch = async (name: string, version: number): Promise<ModelFiles> => {
    manifests.delete(versionLabel(name, version));
    // First: what nobody signed is not even downloaded.
    await manifestOf(name, version);
    const files = await store.fetch(name, version);
    return opened(files, name, version).catch((error) => {
      files.release?.();
      throw error;
    });
  };

  return {
    ...sameStore(store),
    fetch: (name, version) => refusing(name, version, () => fetch(name, version)),
    fetchPrepared: async () => notPrepared,
    readText: (name, version, file) =>
      refusing(name, version, async () => {
        const entry = (await manifestOf(name, version)).get(file);
        if (entry === undefined && file !== versionManifestFile && file !== signatureFile)
          throw new ServiceError(404, `${versionLabel(name, version)} has no file '${file}' in its folder`);
        const text = await store.readText(name, version, file);
        if (entry && hexDigest(text) !== entry.sha256)
          throw new Error(`'${file}' is not what manifest.json says: it was changed after the version was stored`);
        return text;
      }),
  };
}

async function refusing<T>(name: string, version: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    const why = (error as Error).message;
    const advice = 'signed versions alone are loaded here; tensorgate verify says what holds';
    throw new ServiceError(403, `${versionLabel(name, version)} is not to be trusted: ${why}; ${advice}`, {
      cause: error,
    });
  }
}

import type { ModelStore } from '../../ports/model-store.ts';
import type { VersionManifest } from '../../ports/version-manifest.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { versionManifestFile } from '../signatures/version-manifest-file.ts';
import { sourceDigest } from '../source-digest.ts';
import { textOfVersion } from '../text-of-version.ts';

/**
 * The version of the repository that another was made from, by its manifest; undefined where that names none, or what
 * has that name is another model by now.
 */
export async function findFloatParent(
  store: ModelStore,
  name: string,
  version: number,
): Promise<{ readonly name: string; readonly version: number } | undefined> {
  const source = madeFrom(await textOfVersion(store, name, version, versionManifestFile));
  const [, parent, number] = /^(.+)@([1-9][0-9]{0,14})$/.exec(source?.name ?? '') ?? [];
  if (!source || parent === undefined) return undefined;
  const files = await store.fetch(parent, Number(number)).catch((error) => {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  });
  if (!files) return undefined;
  try {
    return (await sourceDigest(files.path)) === source.sha256 ? { name: parent, version: Number(number) } : undefined;
  } finally {
    files.release?.();
  }
}

function madeFrom(manifest: string | undefined) {
  try {
    return (JSON.parse(manifest ?? '{}') as Partial<VersionManifest>).made?.source;
  } catch {
    // One that was put there by hand may be anything.
    return undefined;
  }
}

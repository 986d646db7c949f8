import { versionManifestFile } from '../src/adapters/signatures/version-manifest-file.ts';
import { textOfVersion } from '../src/adapters/text-of-version.ts';
import { versionLabel } from '../src/core/version-label.ts';
import type { ModelStore } from '../src/ports/model-store.ts';
import type { VersionManifest } from '../src/ports/version-manifest.ts';

/** What a version's manifest says; undefined where it has none, as what was put there by hand. */
export async function readManifest(
  store: ModelStore,
  name: string,
  version: number,
): Promise<VersionManifest | undefined> {
  const text = await textOfVersion(store, name, version, versionManifestFile);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as VersionManifest;
  } catch (cause) {
    throw new Error(`${versionLabel(name, version)}: manifest.json is no JSON`, { cause });
  }
}

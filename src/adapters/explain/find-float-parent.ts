import type { ModelStore } from '../../ports/model-store.ts';
import type { VersionManifest } from '../../ports/version-manifest.ts';
import { versionManifestFile } from '../signatures/version-manifest-file.ts';
import { sourceDigest } from '../source-digest.ts';
import { textOfVersion } from '../text-of-version.ts';
import { digestOfVersion } from './digest-of-version.ts';

/** A version of the repository that another was made from, or why it cannot be taken for that. */
export type FloatParent =
  | {
      readonly name: string;
      readonly version: number;
      /** Of its files, as its store told of them before they were looked at. */
      readonly digest: string;
      /** What there is to say where its files are others by now. */
      readonly changed: string;
      readonly gone?: undefined;
    }
  | { readonly gone: string };

/** The version that another was made from, by its manifest; undefined where that names none. */
export async function findFloatParent(
  store: ModelStore,
  name: string,
  version: number,
): Promise<FloatParent | undefined> {
  const source = madeFrom(await textOfVersion(store, name, version, versionManifestFile));
  const [, parent, number] = /^(.+)@([1-9][0-9]{0,14})$/.exec(source?.name ?? '') ?? [];
  if (!source || parent === undefined) return undefined;
  const found = { name: parent, version: Number(number) };
  const digest = await digestOfVersion(store, found.name, found.version);
  const taken = `${source.name}, which it was made from and whose gradients would be taken,`;
  if (digest === undefined) return { gone: `${taken} is not in the repository` };
  const changed = `${taken} is not the same file any more`;
  const files = await store.fetch(found.name, found.version);
  try {
    return (await sourceDigest(files.path)) === source.sha256 ? { ...found, digest, changed } : { gone: changed };
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

import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { digestFile } from '../s3-model-store/digest-file.ts';
import type { ManifestEntry, ManifestFiles } from './files-of-manifest.ts';
import { signatureFile } from './signature-file.ts';
import { versionManifestFile } from './version-manifest-file.ts';

/**
 * Holds the files of a version's folder against its manifest, to the byte. Rejects with an Error that names the first
 * that is missing, there too much, or another.
 *
 * @param found paths of all files that there are
 */
export async function checkFiles(folder: string, found: Iterable<string>, files: ManifestFiles): Promise<void> {
  const there = new Set(found);
  for (const file of there)
    if (!files.has(file) && file !== versionManifestFile && file !== signatureFile)
      throw new Error(
        `'${file}' is in its folder, and not in manifest.json: it was added after the version was stored`,
      );
  for (const file of files.keys()) if (!there.has(file)) throw new Error(`'${file}' of manifest.json is missing`);
  for (const [file, entry] of files) {
    const handle = await open(join(folder, file));
    const isSame = await holds(handle, entry).finally(() => handle.close());
    if (!isSame)
      throw new Error(`'${file}' is not what manifest.json says: it was changed after the version was stored`);
  }
}

async function holds(handle: FileHandle, { bytes, sha256 }: ManifestEntry): Promise<boolean> {
  if ((await handle.stat()).size !== bytes) return false;
  return Buffer.from(await digestFile(handle, 'sha256', bytes), 'base64').toString('hex') === sha256;
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { ModelStore } from '../../ports/model-store.ts';
import { digestPieces } from '../digest-pieces.ts';
import { listFiles } from '../directory-model-store/list-files.ts';

/**
 * What a version's files hold, as a SHA-256 in hexadecimal: that of what `sha256sum` writes of them, by name, so that
 * `sha256sum * | sha256sum` in the version's folder gives the same. Rejects as the store's `fetch`.
 */
export async function modelDigest(models: ModelStore, name: string, version: number): Promise<string> {
  const { folder, release } = await models.fetch(name, version);
  try {
    const files = await listFiles(folder, `model '${name}' version ${version}`);
    const all = createHash('sha256');
    for (const file of files.map((each) => each.file).sort()) {
      const { checksum } = await digestPieces(createReadStream(join(folder, file)));
      all.update(`${checksum}  ${file}\n`);
    }
    return all.digest('hex');
  } finally {
    release?.();
  }
}

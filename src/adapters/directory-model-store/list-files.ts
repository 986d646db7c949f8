import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { unreadable } from './unreadable.ts';
import { isPartOf, type ModelFile } from './version-layout.ts';

export interface ListedFile {
  /** Path in the version's folder. */
  readonly file: string;
  readonly bytes: number;
  readonly changedMs: number;
}

/**
 * The files of a version in its folder, links followed; those that are hidden, or lie in a hidden folder, are no part
 * of it. Rejects with 503 where it cannot be read.
 */
export async function listFiles(folder: string, modelFile: ModelFile, label: string): Promise<readonly ListedFile[]> {
  const entries = await readdir(folder, { recursive: true }).catch((cause) => {
    throw unreadable(label, cause);
  });
  const seen = entries.filter((entry) => !/(^|[\\/])\./.test(entry) && isPartOf(modelFile, entry.replaceAll(sep, '/')));
  const found = await Promise.all(
    seen.map(async (file) => {
      const status = await stat(join(folder, file)).catch(() => undefined);
      return status?.isFile() ? [{ file, bytes: status.size, changedMs: Math.floor(status.mtimeMs) }] : [];
    }),
  );
  return found.flat();
}

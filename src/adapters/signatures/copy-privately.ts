import { constants } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hiddenName } from '../s3-model-store/hidden-name.ts';
import { removeLeftovers } from '../s3-model-store/remove-leftovers.ts';

/** A copy that this user alone can reach. */
export interface PrivateCopy {
  readonly folder: string;
  /** Deletes it: what is open or mapped goes on without a name. */
  release(): void;
}

/**
 * Copies files of a folder into a new one below `parent`, by reference where the file system can. Rejects with the
 * system's errors; then nothing is left.
 */
export async function copyPrivately(folder: string, files: readonly string[], parent: string): Promise<PrivateCopy> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await removeLeftovers(parent);
  const copy = join(parent, hiddenName());
  const remove = () => rm(copy, { recursive: true, force: true });
  try {
    await mkdir(copy, { mode: 0o700 });
    for (const file of files) {
      await mkdir(dirname(join(copy, file)), { recursive: true });
      await copyFile(join(folder, file), join(copy, file), constants.COPYFILE_FICLONE);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  // What cannot be removed now goes with the leftovers.
  return { folder: copy, release: () => void remove().catch(() => undefined) };
}

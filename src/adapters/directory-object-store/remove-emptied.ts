import { rmdir } from 'node:fs/promises';
import { dirname, sep } from 'node:path';

/**
 * Removes a folder below `root` that is empty, and those above it that are so then: only keys of files stand for
 * anything.
 */
export async function removeEmptied(folder: string, root: string): Promise<void> {
  for (let at = folder; at.startsWith(root + sep); at = dirname(at)) {
    const isGone = await rmdir(at).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

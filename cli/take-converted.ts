import { cp, lstat } from 'node:fs/promises';

/**
 * Copies what a container made of a source into `folder`. Rejects with an Error where there is a link, which could lead
 * to files that the container did not see.
 */
export async function takeConverted(made: string, folder: string): Promise<void> {
  await cp(made, folder, {
    recursive: true,
    filter: async (path) => {
      const stats = await lstat(path);
      if (stats.isFile() || stats.isDirectory()) return true;
      throw new Error(`${path}: expected files and folders alone, got a link or the like, which no converter makes`);
    },
  });
}

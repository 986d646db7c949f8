import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is there, is a plain file or a directory as wanted, and lies in `folder` once links are followed. */
export async function isInside(path: string, folder: string, kind: 'file' | 'directory'): Promise<boolean> {
  try {
    const [real, root] = await Promise.all([realpath(path), realpath(folder)]);
    const way = relative(root, real);
    if (way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) return false;
    const status = await stat(real);
    return kind === 'file' ? status.isFile() : status.isDirectory();
  } catch {
    return false;
  }
}

import { lstat, readFile } from 'node:fs/promises';
import { isInside } from './is-inside.ts';
import { unreadable } from './unreadable.ts';

/** The text of a model's settings file; undefined where there is none. Rejects with an Error that callers may read. */
export async function readSettings(path: string, root: string): Promise<string | undefined> {
  try {
    await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable('it', error);
  }
  // What a link leads to elsewhere could show in the message of a parse error.
  if (!(await isInside(path, root, 'file'))) throw new Error('expected a file inside the model repository');
  return readFile(path, 'utf8').catch((error) => {
    throw unreadable('it', error);
  });
}

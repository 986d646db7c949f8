import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { placeOf } from '../src/adapters/place-of.ts';
import { errorText } from './error-text.ts';

/**
 * Rejects with an Error where nothing could be stored in a folder, there or not yet: that would else be told after all
 * the work, or never, as making a folder where none can be may not end. A bucket says so when it is asked.
 */
export async function checkWritable(uri: string): Promise<void> {
  const place = placeOf(uri);
  if ('s3' in place) return;
  let nearest = resolve(place.path);
  while (nearest !== dirname(nearest) && !(await stat(nearest).catch(() => undefined))) nearest = dirname(nearest);
  try {
    // What the permissions say is not all of it: a file system may be for reading alone, or the system's own.
    await rmdir(await mkdtemp(join(nearest, '.tensorgate-')));
  } catch (cause) {
    const isFolder = (await stat(nearest)).isDirectory();
    const why = isFolder ? errorText(cause) : `'${nearest}' is no folder`;
    throw new Error(`nothing can be stored in '${uri}': ${why}`, { cause });
  }
}

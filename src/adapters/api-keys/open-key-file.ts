import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { withFileLock } from '../directory-model-store/with-file-lock.ts';
import { placeOf } from '../place-of.ts';
import { replaceFile } from '../replace-file.ts';
import { type ChangeableText, openTextObject } from '../s3-model-store/open-text-object.ts';
import { unlessMissing } from '../unless-missing.ts';
import { whyUnreadable } from '../why-unreadable.ts';

/**
 * The file of keys at a path, a file:// or an s3:// URI. Two who change it at once change it one after the other.
 * Throws an Error for other URIs.
 */
export function openKeyFile(uri: string): ChangeableText {
  const place = placeOf(uri);
  if ('s3' in place) return openTextObject(place.s3);
  const { path } = place;
  const read = () =>
    readFile(path, 'utf8').catch((error) => {
      if (error.code === 'EISDIR') throw new Error(whyUnreadable(path, error));
      return unlessMissing(error);
    });
  return {
    read,
    change: async (change) => {
      // That of a model repository is made with the first policy.
      if (basename(dirname(path)) === '.access') await mkdir(dirname(path)).catch(exists);
      await withFileLock(join(dirname(path), `.${basename(path)}.lock`), async () => {
        const after = await change(await read());
        const mode = (await stat(path).catch(unlessMissing))?.mode ?? 0o600;
        await replaceFile(path, after, mode);
      });
    },
  };
}

function exists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

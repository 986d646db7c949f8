import { copyFile, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hiddenName } from '../s3-model-store/hidden-name.ts';
import { unlessMissing } from '../unless-missing.ts';
import { preparedFileNames } from './prepared-file-names.ts';

/** Copies a prepared form to `target`, whole or not at all, in place of the one that was there. */
export async function placeFolder(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const hidden = join(dirname(target), hiddenName());
  const old = join(dirname(target), hiddenName());
  try {
    await mkdir(hidden);
    for (const file of preparedFileNames) await copyWhole(join(source, file), join(hidden, file));
    // A folder cannot be renamed onto another one that is not empty.
    await rename(target, old).catch(unlessMissing);
    await rename(hidden, target);
  } finally {
    await rm(hidden, { recursive: true, force: true });
    await rm(old, { recursive: true, force: true });
  }
}

/** Copies a file if it is there, down to the disk: nobody reads it through before it is opened. */
async function copyWhole(from: string, to: string): Promise<void> {
  if (!(await lstat(from).catch(unlessMissing))) return;
  await copyFile(from, to);
  const file = await open(to, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

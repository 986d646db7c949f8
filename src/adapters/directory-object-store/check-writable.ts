import { existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Throws an Error where a folder cannot be written to, or not be made, before anything is done for it. */
export function checkWritable(folder: string): void {
  let nearest = resolve(folder);
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  if (!statSync(nearest).isDirectory()) {
    throw new Error(`'${folder}' cannot be written to: '${nearest}' is a file; give a folder`);
  }
  try {
    // Its rights do not tell all: nothing can be made in /proc, and Node would try for ever.
    rmdirSync(mkdtempSync(join(nearest, '.tensorgate-')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `'${folder}' cannot be written to: the system lets nothing be made in '${nearest}' (${code}); give another folder`,
    );
  }
}

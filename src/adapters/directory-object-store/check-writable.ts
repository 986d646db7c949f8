import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Throws an Error where a folder cannot be written to, or not be made, before anything is done for it. */
export function checkWritable(folder: string): void {
  let nearest = resolve(folder);
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  if (!statSync(nearest).isDirectory()) {
    throw new Error(`'${folder}' cannot be written to: '${nearest}' is a file; give a folder`);
  }
  try {
    accessSync(nearest, constants.W_OK | constants.X_OK);
  } catch {
    throw new Error(
      `'${folder}' cannot be written to: there is no permission to write in '${nearest}'; give another folder`,
    );
  }
}

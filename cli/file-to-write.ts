import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';

/**
 * Reads the path of a file that a command is to write at its end. Throws an error of usage where it could not: the work
 * would be for nothing.
 */
export function fileToWrite(path: string): string {
  const folder = dirname(resolve(path));
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new InvalidArgumentError('Expected a file to write, and it is a folder.');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new InvalidArgumentError(`There is no folder '${folder}' to write it into: make it first.`);
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new InvalidArgumentError(`The folder '${folder}' may not be written to.`);
  }
  return path;
}

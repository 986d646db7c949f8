import { InvalidArgumentError } from 'commander';
import { versionFolder } from '../src/adapters/directory-model-store/version-folder.ts';

/** Reads the number of a version. Throws an error of usage for anything else. */
export function versionNumber(text: string): number {
  if (versionFolder.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
}

import { InvalidArgumentError } from 'commander';

/** Reads the number of a version. Throws an error of usage for anything else. */
export function versionNumber(text: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
}

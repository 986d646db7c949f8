import { InvalidArgumentError } from 'commander';

/** Reads a number that is 0 or more. Throws an error of usage for anything else. */
export function notNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number of 0 or more.');
}

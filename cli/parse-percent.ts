import { InvalidArgumentError } from 'commander';

/** Reads a part of 100. Throws an error of usage for anything else. */
export function parsePercent(text: string): number {
  const value = Number(text);
  if (/^[0-9]+(\.[0-9]+)?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('Expected a number from 0 to 100.');
}

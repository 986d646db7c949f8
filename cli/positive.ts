import { InvalidArgumentError } from 'commander';

/** Reads a number over 0. Throws an error of usage for anything else. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number over 0.');
}

import { InvalidArgumentError } from 'commander';

/** Some of a whole, and not all of it. */
export function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value < 1) return value;
  throw new InvalidArgumentError('Expected a share, over 0 and under 1.');
}

import { InvalidArgumentError } from 'commander';

/** Reads a day of UTC, such as 2026-11-29. Throws an error of usage for anything else. */
export function dayOption(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new InvalidArgumentError('Expected a day such as 2026-11-29.');
}

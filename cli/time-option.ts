import { InvalidArgumentError } from 'commander';

/** Reads a day or a time of UTC, such as 2026-11-29 or 2026-11-29T06:00:00Z; a time comes back as Date writes it. */
export function timeOption(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const time = /^\d{4}-\d{2}-\d{2}(T.+)?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('Expected a day such as 2026-11-29, or a time of ISO 8601.');
  return isDay ? text : new Date(time).toISOString();
}

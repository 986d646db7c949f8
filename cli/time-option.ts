import { InvalidArgumentError } from 'commander';

/**
 * Reads a day of UTC, or a time with its zone, such as 2026-11-29 or 2026-11-29T06:00:00Z; a time comes back as Date
 * writes it.
 */
export function timeOption(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return text.includes('T') ? new Date(time).toISOString() : text;
  throw new InvalidArgumentError(
    'Expected a day such as 2026-11-29, or a time with its zone such as 2026-11-29T06:00:00Z.',
  );
}

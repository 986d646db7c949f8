import type { Command } from 'commander';
import { utcDay } from '../src/core/utc-day.ts';
import { dayOption } from './day-option.ts';
import { UsageError } from './usage-error.ts';

/** What the options of `withPeriod` are parsed to. */
export interface PeriodOptions {
  readonly from?: string;
  readonly to?: string;
}

const dayMs = 86_400_000;

/** The options that say which days count: as many as `days` without them. */
export function withPeriod(command: Command, days: number): Command {
  return command
    .option('--from <day>', `from this day of UTC on, such as 2026-11-29; without it, ${days} days in all`, dayOption)
    .option('--to <day>', 'up to this day of UTC, and with it; without it, today', dayOption);
}

/** The first and the last day that count. Throws an Error where the last is before the first. */
export function periodOf({ from, to = utcDay(new Date()) }: PeriodOptions, days: number): readonly [string, string] {
  const first = from ?? utcDay(new Date(Date.parse(to) - (days - 1) * dayMs));
  if (first <= to) return [first, to];
  throw new UsageError(`expected --from before --to, or on the same day, got ${first} and ${to}`);
}

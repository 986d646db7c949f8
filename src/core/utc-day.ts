/** The day of a time by UTC, as in 2026-11-29. */
export function utcDay(time: Date): string {
  return time.toISOString().slice(0, 10);
}

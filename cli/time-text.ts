/** A time of ISO 8601 as commands print it: to the second, by UTC, such as 2026-11-29T06:12:01Z. */
export function timeText(time: string | Date): string {
  return new Date(time).toISOString().replace(/\.\d+/, '');
}

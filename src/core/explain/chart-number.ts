/** A number as charts say it, with three digits. */
export function chartNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

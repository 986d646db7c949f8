/** Milliseconds to a thousandth. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

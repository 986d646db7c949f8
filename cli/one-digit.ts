/** A place in a picture, as near as anybody sees. */
export function oneDigit(value: number): string {
  return value.toFixed(1);
}

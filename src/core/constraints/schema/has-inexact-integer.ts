/** Whether a value of JSON has a whole number so large that it may have been another one before it was read. */
export function hasInexactInteger(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInexactInteger);
}

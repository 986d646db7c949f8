import type { Estimate } from './estimate.ts';

/** What a manifest says of a measure, where it says it with an interval. */
export function estimateOf(measure: unknown): Estimate | undefined {
  const { value, low, high } = Object(measure);
  if (![value, low, high].every(Number.isFinite)) return undefined;
  return { value, low, high };
}

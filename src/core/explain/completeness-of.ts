import type { Completeness } from './explanation.ts';

/**
 * Whether weights add up to what the answer has more than the baseline's.
 *
 * Source: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", 2017, proposition 1.
 */
export function completenessOf(weights: Iterable<number>, value: number, baselineValue: number): Completeness {
  let sum = 0;
  for (const weight of weights) sum += weight;
  const expected = value - baselineValue;
  const distance = Math.abs(sum - expected);
  return { sum, expected, gap: distance === 0 ? 0 : distance / Math.max(Math.abs(expected), Number.MIN_VALUE) };
}

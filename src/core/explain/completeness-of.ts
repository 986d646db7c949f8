import type { Completeness } from './explanation.ts';
import { scoreResolution } from './score-resolution.ts';

/**
 * Whether weights add up to what the answer has more than the baseline's. Where both have the same score there is
 * nothing to measure by but the weights themselves.
 *
 * Source: Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", 2017, proposition 1.
 */
export function completenessOf(weights: Iterable<number>, value: number, baselineValue: number): Completeness {
  let [sum, size] = [0, 0];
  for (const weight of weights) {
    sum += weight;
    size += Math.abs(weight);
  }
  const expected = value - baselineValue;
  const distance = Math.abs(sum - expected);
  const noise = scoreResolution * Math.max(Math.abs(value), Math.abs(baselineValue));
  const isSame = Math.abs(expected) <= noise;
  if (distance === 0 || (isSame && distance <= noise)) return { sum, expected, gap: 0 };
  return { sum, expected, gap: distance / (isSame ? size : Math.abs(expected)) };
}

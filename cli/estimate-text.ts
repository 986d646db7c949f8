import { percentText } from '../src/core/percent-text.ts';
import type { Estimate } from '../src/core/training/estimate.ts';
import { threeDigits } from './three-digits.ts';

/** What was measured, with its interval of 95 %. */
export function estimateText({ value, low, high }: Estimate, isShare = false): string {
  const text = isShare ? percentText : threeDigits;
  return `${text(value)} (${text(low)} to ${text(high)})`;
}

import type { Share } from './share.ts';

const z = 1.96;

/**
 * A share with the lower bound of its interval of 95 %. Of none, nothing is known: its bound is 0.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
 */
export function shareOf(part: number, of: number): Share {
  if (of === 0) return { part, of, share: 0, atLeast: 0 };
  const share = part / of;
  const centre = share + (z * z) / (2 * of);
  const spread = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return { part, of, share, atLeast: Math.max(0, (centre - spread) / (1 + (z * z) / of)) };
}

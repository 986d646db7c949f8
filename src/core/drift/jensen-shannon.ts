import { sharesOf } from './shares-of.ts';

/**
 * The Jensen-Shannon divergence of two sets of counts in the same bins, in bits: ½ Σ p log₂(p / m) + ½ Σ q log₂(q / m)
 * with m = (p + q) / 2. From 0, where both are spread alike, to 1, where they have no bin in common.
 *
 * Source: Lin, Divergence Measures Based on the Shannon Entropy, IEEE Transactions on Information Theory 37 (1991).
 */
export function jensenShannon(before: readonly number[], now: readonly number[]): number {
  const p = sharesOf(before);
  const q = sharesOf(now);
  return p.reduce((sum, share, bin) => {
    const other = q[bin] as number;
    const middle = (share + other) / 2;
    return sum + (share * Math.log2(share / middle) + other * Math.log2(other / middle)) / 2;
  }, 0);
}

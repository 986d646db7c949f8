/** The largest distance of two distributions, and how likely chance alone would make it so large. */
export interface KolmogorovSmirnov {
  /** From 0 to 1. */
  readonly distance: number;
  /** From 0 to 1. */
  readonly probability: number;
}

/**
 * The test of Kolmogorov and Smirnov of two sets of counts in the same bins, whose order is that of their values: D =
 * max |F(x) − G(x)| over the bounds of bins, so never more than over all values, and less by 1 / bins at most.
 *
 * Source: of the probability, Stephens, Use of the Kolmogorov-Smirnov Statistics Without Extensive Tables, Journal of
 * the Royal Statistical Society B 32 (1970); as in Press et al., Numerical Recipes, 3rd edition, section 14.3.3.
 */
export function kolmogorovSmirnov(before: readonly number[], now: readonly number[]): KolmogorovSmirnov {
  const [n, m] = [total(before), total(now)];
  if (n === 0 || m === 0) return { distance: 0, probability: 1 };
  let distance = 0;
  let [f, g] = [0, 0];
  for (const [bin, count] of before.entries()) {
    f += count / n;
    g += (now[bin] as number) / m;
    distance = Math.max(distance, Math.abs(f - g));
  }
  const root = Math.sqrt((n * m) / (n + m));
  return { distance, probability: tail((root + 0.12 + 0.11 / root) * distance) };
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** 2 Σ (−1)^(j−1) exp(−2 j² λ²), which needs few terms but where it is nearly 1. */
function tail(lambda: number): number {
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let j = 1; j <= 100; j += 1) {
    const term = Math.exp(-2 * j * j * lambda * lambda);
    sum += j % 2 === 1 ? term : -term;
    if (term < 1e-12) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

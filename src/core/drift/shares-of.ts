/**
 * The shares of counts. Half a case is added to each, so that a bin that was empty by chance makes no share of 0, whose
 * logarithm is infinite. Source: Jeffreys' prior for a multinomial; Berger, Bernardo and Sun, Overall Objective Priors,
 * Bayesian Analysis 10 (2015).
 */
export function sharesOf(counts: readonly number[]): readonly number[] {
  const total = counts.reduce((sum, count) => sum + count + 0.5, 0);
  return counts.map((count) => (count + 0.5) / total);
}

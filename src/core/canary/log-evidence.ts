// How many times the odds are what they may be: a tenth more to nearly always.
const oddsRatios = [1.25, 1.5, 2, 3, 4, 6, 10, 20, 50, 200, 1000, 100_000];

/**
 * The natural logarithm of an e-value against "an event comes with a probability of at most `most`", where `events` of
 * `trials` were one: how many times likelier they are where it comes more often.
 *
 * A mixture of likelihood ratios with weights that sum to 1 (Robbins 1970, "Statistical methods related to the law of
 * the iterated logarithm", section 3; Johari, Pekelis, Walsh 2022, "Always valid inference", section 3; Grünwald, de
 * Heide, Koolen 2024, "Safe testing"): with q0 = most and m alternatives qj > q0,
 *
 *   E(n) = 1/m Σj Π i=1..n  qj^xi (1 - qj)^(1 - xi) / (q0^xi (1 - q0)^(1 - xi))
 *
 * Each ratio has an expectation of at most 1 per trial for every q <= q0, whatever came before, so that E is a
 * nonnegative supermartingale, and by Ville's inequality P(E(n) >= 1/α for any n) <= α: it may be looked at after each
 * call, and be acted on at once.
 *
 * @param most from 0 to 1; where it is neither more than 0 nor less than 1 there is nothing to find
 */
export function logEvidence(events: number, trials: number, most: number): number {
  if (!(most > 0 && most < 1)) return 0;
  const odds = most / (1 - most);
  const logs = oddsRatios.map((ratio) => {
    const alternative = (odds * ratio) / (1 + odds * ratio);
    return events * Math.log(alternative / most) + (trials - events) * Math.log((1 - alternative) / (1 - most));
  });
  const largest = Math.max(...logs);
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0) / logs.length);
}

import { sharesOf } from './shares-of.ts';

/**
 * The population stability index of two sets of counts in the same bins: Σ (q − p) ln(q / p), from 0 on. Under 0.1
 * little has changed, from 0.25 on much has, by the custom of those who use it.
 *
 * Source: Siddiqi, Credit Risk Scorecards (2006), chapter 8; it is the divergence J of Kullback and Leibler, On
 * Information and Sufficiency, Annals of Mathematical Statistics 22 (1951).
 */
export function populationStability(before: readonly number[], now: readonly number[]): number {
  const p = sharesOf(before);
  const q = sharesOf(now);
  return p.reduce((sum, share, bin) => sum + ((q[bin] as number) - share) * Math.log((q[bin] as number) / share), 0);
}

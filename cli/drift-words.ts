/**
 * What a population stability index means, by the custom of those who use it. Source: Siddiqi, Credit Risk Scorecards
 * (2006).
 */
export function driftWords(psi: number): 'little' | 'some' | 'much' {
  if (psi < 0.1) return 'little';
  return psi < 0.25 ? 'some' : 'much';
}

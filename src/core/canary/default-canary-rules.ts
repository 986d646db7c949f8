import type { CanaryRules } from '../../ports/canary-rules.ts';

/** Of models that say nothing else. */
export const defaultCanaryRules: CanaryRules = {
  confidence: 0.99,
  tolerated: { errorRate: 0.01, errorRatio: 1.5, latencyRatio: 1.5, disagreement: 0.1 },
  comparePercent: 20,
  tolerance: 0.05,
};

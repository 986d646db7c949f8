import type { Baseline } from './baseline.ts';
import { type FeatureDrift, featureDrift } from './feature-drift.ts';
import type { Sketch } from './sketch.ts';

/** How far each feature has moved, the farthest first. */
export function driftOf({ features }: Baseline, { counts }: Sketch): readonly FeatureDrift[] {
  return features
    .map((feature, index) => featureDrift(feature, counts[index] ?? feature.counts.map(() => 0)))
    .sort((a, b) => b.psi - a.psi);
}

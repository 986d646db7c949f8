import type { BaselineFeature } from './baseline.ts';
import { groupedBins } from './grouped-bins.ts';
import { jensenShannon } from './jensen-shannon.ts';
import { type KolmogorovSmirnov, kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { populationStability } from './population-stability.ts';

/** How far a feature has moved away from its baseline. */
export interface FeatureDrift {
  readonly feature: BaselineFeature;
  readonly counts: readonly number[];
  /** Population stability index. */
  readonly psi: number;
  /** Jensen-Shannon divergence, in bits. */
  readonly js: number;
  /** Absent of words, which have no order. */
  readonly ks?: KolmogorovSmirnov;
}

/** Compares what was counted of a feature with its baseline. */
export function featureDrift(feature: BaselineFeature, counts: readonly number[]): FeatureDrift {
  const group = groupedBins(feature);
  const [before, now] = [gathered(feature.counts, group), gathered(counts, group)];
  // What is no number has no place among numbers.
  const ks = 'values' in feature ? undefined : kolmogorovSmirnov(feature.counts.slice(0, -1), counts.slice(0, -1));
  return {
    feature,
    counts,
    psi: populationStability(before, now),
    js: jensenShannon(before, now),
    ...(ks && { ks }),
  };
}

function gathered(counts: readonly number[], group: readonly number[]): readonly number[] {
  const sums: number[] = [];
  for (const [bin, count] of counts.entries()) sums[group[bin] as number] = (sums[group[bin] as number] ?? 0) + count;
  // Where few values were seen, there are fewer groups.
  return sums.filter((sum) => sum !== undefined);
}

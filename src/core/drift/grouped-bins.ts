import type { BaselineFeature } from './baseline.ts';

const groups = 10;

/**
 * Which group each bin of a feature belongs to: of numbers, neighbours that hold a tenth of the baseline together, and
 * what is below, over, and no number each for itself. With more groups, chance alone makes indices of shares larger. Of
 * words, each is a group.
 */
export function groupedBins(feature: BaselineFeature): readonly number[] {
  const { counts } = feature;
  if ('values' in feature) return counts.map((_, bin) => bin);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const last = feature.edges.length - 1;
  let group = 0;
  let held = 0;
  return counts.map((count, bin) => {
    if (bin === 0) return 0;
    // Over the last edge, then what is no number.
    if (bin > last) return groups + (bin - last);
    if (held >= all / groups || bin === 1) {
      group = Math.min(group + 1, groups);
      held = 0;
    }
    held += count;
    return group;
  });
}

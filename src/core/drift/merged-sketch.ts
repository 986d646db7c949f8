import type { Baseline } from './baseline.ts';
import type { Sketch } from './sketch.ts';

/** The sum of sketches, of hosts and days; those of another baseline are left out. */
export function mergedSketch(baseline: Baseline, sketches: readonly Sketch[]): Sketch {
  const own = sketches.filter((sketch) => sketch.baseline === baseline.id);
  return {
    baseline: baseline.id,
    rows: own.reduce((sum, { rows }) => sum + rows, 0),
    counts: baseline.features.map(({ counts }, feature) =>
      counts.map((_, bin) => own.reduce((sum, each) => sum + (each.counts[feature]?.[bin] ?? 0), 0)),
    ),
  };
}

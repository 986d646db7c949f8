import { median } from './median.ts';

/** The median of the ratios of figures that were taken one after the other. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((each, round) => each / (theirs[round] ?? Number.NaN)));
}

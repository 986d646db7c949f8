import type { ComparedMeasure } from './compare-metrics.ts';

/** What a gate found of a version that is to be promoted. */
export interface GateReport {
  /** Why it is not to be; empty where it may. */
  readonly failures: readonly string[];
  /** What was not looked at, and why. */
  readonly notes: readonly string[];
  /** Samples whose answers were looked at. */
  readonly samples: number;
  /** The largest |answer − expected| / max(1, |expected|) of all that have fractions. */
  readonly difference: number;
  /** Medians of a run, and of the same by the version that it replaces. */
  readonly latency?: { readonly ms: number; readonly beforeMs: number };
  /** What was measured of it, and of the version that it replaces. */
  readonly metrics?: readonly ComparedMeasure[];
}

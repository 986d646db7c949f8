import type { Feature } from './feature.ts';

/** How a feature was spread. */
export type Spread =
  | {
      /**
       * Ascending upper bounds of bins, each inclusive: the first is just below the least value, then come up to 100
       * quantiles, the last of which is the largest value. Counts are of the bins, of what is over the last one, and of
       * what is no number.
       */
      readonly edges: readonly number[];
    }
  | {
      /** Words or whole numbers, as texts. Counts are of each, and of all others together. */
      readonly values: readonly string[];
    };

export type BaselineFeature = Feature & Spread & { readonly counts: readonly number[] };

/** How the inputs and outputs of a version are spread where all is well: `baseline.json`. */
export interface Baseline {
  /** Sketches name it: counts of other bins do not add up. */
  readonly id: string;
  readonly model: string;
  readonly version: number;
  /** As ISO 8601. */
  readonly madeAt: string;
  /** What it was made of: a file, or requests that callers sent. */
  readonly from: string;
  readonly rows: number;
  readonly features: readonly BaselineFeature[];
}

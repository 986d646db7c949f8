import type { ConversionReport } from './conversion-report.ts';

/** A model that was made of another, and what it is worth. */
export interface CandidateTrial {
  readonly name: string;
  /** What was done to the source, in this order. */
  readonly passes: readonly string[];
  /** Of its files. */
  readonly bytes: number;
  readonly report: ConversionReport;
}

import type { AnswerKind } from './answer-tally.ts';
import type { Finding } from './finding.ts';
import type { Share } from './share.ts';
import type { TaskReport } from './task-tally.ts';

/** How far the answers at one output are from those expected. */
export interface OutputReport {
  readonly kind: AnswerKind;
  /** The largest difference of two elements, in their own unit; null where it has none, as of texts. */
  readonly largest: number | null;
  /** Answers with the class that they had, or that are the same; of scores and what has no fractions. */
  readonly agreement?: Share;
  /** Of vectors and scores. */
  readonly leastCosine?: number;
}

/** What the gate found of a conversion. */
export interface ConversionReport {
  /** Why it is refused; empty where it is not. */
  readonly findings: readonly Finding[];
  /** What was not looked at, and why; by what it was judged. */
  readonly notes: readonly string[];
  /** Samples that were answered. */
  readonly samples: number;
  /** By output. */
  readonly outputs: Readonly<Record<string, OutputReport>>;
  /** Where it is known which answers are right. */
  readonly task?: TaskReport;
  /** Medians of a run, by turns with the source. */
  readonly latency?: { readonly ms: number; readonly sourceMs: number };
}

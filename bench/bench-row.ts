/** A line of the table: a figure with what was aimed at, or why there is none. */
export type BenchRow = {
  readonly what: string;
  readonly against: string;
} & (Figure | { readonly skipped: string });

interface Figure {
  readonly measured: number;
  /** `×` is a ratio, `points` are of percent. */
  readonly unit: '×' | 'ms' | 'MB' | 'points';
  /** @default none: a figure to know */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
  /** The absolute figures behind it, and their unit. */
  readonly figures: string;
}

/** A figure: what was measured, against what, and the ratio that was aimed at. */
export interface BenchRow {
  readonly name: string;
  readonly against: string;
  readonly target: number;
  readonly ratio: number;
  /** Whether more is better; absent: it is. */
  readonly better?: 'higher' | 'lower';
  readonly detail: string;
}

/** What a chart says beside its marks. */
export interface ChartWords {
  /** Of which model, what was explained, and its score. */
  readonly title: string;
  /** By which method, and against what. */
  readonly subtitle: string;
  /** What the weights are. */
  readonly axis: string;
}

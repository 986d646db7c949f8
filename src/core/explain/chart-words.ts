import type { TextPart } from '../charts/fitted-text.ts';

/** What a chart says beside its marks. */
export interface ChartWords {
  /** Of which model, what was explained, and its score. */
  readonly title: readonly TextPart[];
  /** By which method, and against what. */
  readonly subtitle: readonly TextPart[];
  /** What the weights are. */
  readonly axis: string;
}

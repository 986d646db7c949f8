import type { Split } from './split.ts';

/** What a model is to tell of a row: one of some classes, any number of labels, a number, or a vector. */
export type Predicted = 'classes' | 'labels' | 'numbers' | 'vectors';

/** Rows as a training takes them. */
export interface PreparedRows {
  readonly predicts: Predicted;
  /** The names of the classes, or labels; undefined where numbers or vectors are predicted. */
  readonly classes: readonly string[] | undefined;
  /**
   * `size` numbers for each row, a row after the other: that of its class; for each label 1 where the row has it, else
   * 0; its value; its vector.
   */
  readonly targets: readonly number[];
  readonly size: number;
  readonly split: Split;
  /** What is to be said of them. */
  readonly notes: readonly string[];
}

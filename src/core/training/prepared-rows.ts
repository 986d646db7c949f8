import type { Split } from './split.ts';

/** Rows as a training takes them. */
export interface PreparedRows {
  /** The names of the classes; undefined where numbers are predicted. */
  readonly classes: readonly string[] | undefined;
  /** Of each row the number of its class, or its value; with `hasLabels` a number for each class, a row after the other: 1 where the row is of it, else 0. */
  readonly targets: readonly number[];
  /** Whether rows may be of any number of classes. */
  readonly hasLabels: boolean;
  readonly split: Split;
  /** What is to be said of them. */
  readonly notes: readonly string[];
}

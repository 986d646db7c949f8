import type { Split } from './split.ts';

/** Rows as a training takes them. */
export interface PreparedRows {
  /** The names of the classes; undefined where numbers are predicted. */
  readonly classes: readonly string[] | undefined;
  /** Of each row the number of its class, or its value. */
  readonly targets: readonly number[];
  readonly split: Split;
  /** What is to be said of them. */
  readonly notes: readonly string[];
}

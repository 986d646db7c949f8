/** How the features of a version were spread on a day, as one host has seen it: its own object for each day. */
export interface Sketch {
  /** The baseline whose bins these are. */
  readonly baseline: string;
  readonly rows: number;
  /** Of each feature of the baseline, in its order. */
  readonly counts: readonly (readonly number[])[];
}

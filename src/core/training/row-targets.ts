/** What rows of one or two files are to be taken for. */
export interface RowTargets {
  /** Of classes or labels. */
  readonly names: readonly string[] | undefined;
  /** Of the rows of both files. */
  readonly targets: readonly number[];
  /** Numbers of a row in `targets`. @default 1 */
  readonly size?: number;
  /** Of the first. */
  readonly strata: readonly (readonly number[])[];
  /** What tells the targets of two rows of the first apart, where that is no number. */
  readonly said?: readonly string[];
}

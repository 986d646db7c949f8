/**
 * A size: a number, that of the rows, or one that is not known and is the same for all runs whose inputs differ in the
 * number of rows alone.
 */
export type Size = number | 'rows' | undefined;

/** What is known of a value of a graph that runs on some rows. */
export type RowValue =
  /** Element n of dimension 0 depends on row n of the inputs alone. */
  | { readonly kind: 'rows'; readonly rank: number }
  /** The same for all runs whose inputs differ in their rows alone, and in how many there are. */
  | {
      readonly kind: 'same';
      /** Absent: nothing is known of it. */
      readonly shape?: readonly (number | undefined)[] | undefined;
      /** Elements of a scalar or a list. */
      readonly numbers?: readonly (number | undefined)[] | undefined;
    }
  /** A scalar or a list of sizes, the number of rows among them. */
  | { readonly kind: 'sizes'; readonly rank: 0 | 1; readonly numbers: readonly Size[] };

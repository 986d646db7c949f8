import type { TaskColumn } from '../tasks/step.ts';

/** Which elements of its input a column fills. */
export interface ColumnSpan {
  readonly column: TaskColumn;
  readonly from: number;
  readonly to: number;
}

/** The columns that fill an input, in its order; undefined where they are not as long as it. */
export function columnSpans(
  columns: readonly TaskColumn[],
  input: string,
  length: number,
): readonly ColumnSpan[] | undefined {
  let to = 0;
  const spans = columns
    .filter((column) => column.input === input)
    .map((column) => {
      const from = to;
      // One that is a list fills all of its input.
      to += column.texts?.length ?? (column.shape.length === 0 ? 1 : length);
      return { column, from, to };
    });
  return to === length ? spans : undefined;
}

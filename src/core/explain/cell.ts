/** A value among those of a row. */
export interface Cell {
  readonly name: string;
  readonly value: unknown;
}

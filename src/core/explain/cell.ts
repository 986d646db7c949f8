import type { Datatype } from '../../protocol/datatype.ts';

/** A value among those of a row. */
export interface Cell {
  readonly name: string;
  readonly value: unknown;
  /** Of the input that it fills. */
  readonly datatype: Datatype;
}

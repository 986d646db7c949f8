import type { Datatype } from './datatype.ts';

/** A model's input as a record of a file fills it. */
export interface RecordInput {
  readonly name: string;
  readonly datatype: Datatype;
  /** Without the batch dimension; -1 where any size will do. */
  readonly shape: readonly number[];
  /** Fields of the record that its values come from: one with all of them, or one for each element. */
  readonly fields: readonly string[];
}

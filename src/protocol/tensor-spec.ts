import type { Datatype } from './datatype.ts';

/** What a model says of one of its inputs or outputs. */
export interface TensorSpec {
  readonly name: string;
  readonly datatype: Datatype;
  /** Sizes of the dimensions; -1 where any size will do. */
  readonly shape: readonly number[];
  /**
   * Set where the model says nothing of the shape: any number of dimensions will do, and `shape` is [-1] in its place.
   */
  readonly anyRank?: true;
}

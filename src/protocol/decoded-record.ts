import type { Tensor } from './tensor.ts';

/** What a model takes of a record, and what goes through to the output. */
export interface DecodedRecord {
  /** One for each input, in their order; without a batch dimension. */
  readonly tensors: readonly Tensor[];
  /** JSON of the fields that are kept; undefined for one that the record does not have. */
  readonly kept: readonly (string | undefined)[];
}

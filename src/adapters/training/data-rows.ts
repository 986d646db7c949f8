import type { LabelledRows } from '../../core/training/prepare-rows.ts';
import type { Tensor } from '../../protocol/tensor.ts';

/** Rows of a file or a folder, as a model takes them. */
export interface DataRows extends LabelledRows {
  readonly sha256: string;
  /**
   * What the model takes for a row: a tensor for each of its inputs, whose first dimension is 1. Rejects with an Error
   * that says what is wrong with the row.
   */
  readonly tensorsOf: (row: number) => Promise<readonly Tensor[]>;
}

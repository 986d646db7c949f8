import type { TensorSpec } from '../../protocol/tensor-spec.ts';

/** A loaded model, as the document describes it. */
export interface DocumentedModel {
  readonly name: string;
  readonly versions: readonly string[];
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
}

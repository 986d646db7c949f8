import type { ModelSignature } from '../../src/core/model-version.ts';
import type { TensorSpec } from '../../src/protocol/tensor-spec.ts';

/** What a model takes and gives, with the labels of its outputs. */
export function modelSignature(
  inputs: readonly TensorSpec[],
  outputs: readonly TensorSpec[],
  labels: Readonly<Record<string, readonly string[]>> = {},
): ModelSignature {
  return { inputs, outputs, unservable: [], labels: new Map(Object.entries(labels)) };
}

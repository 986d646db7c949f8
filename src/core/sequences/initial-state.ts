import type { SequenceConfig } from '../../ports/model-store.ts';
import { shapeBytes } from '../../protocol/shape-bytes.ts';
import type { FixedTensor, TensorKind } from '../../protocol/tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { zeroTensor } from '../zero-tensor.ts';

/**
 * Zeros for the state of a sequence whose first request has `batch`, and what they take, so that they are made once
 * there is room.
 */
export function initialState(
  { state }: Pick<SequenceConfig, 'state'>,
  inputs: readonly TensorSpec[],
  batch: number,
): { readonly bytes: number; make(): readonly FixedTensor[] } {
  const empty = state.map(({ input, shape: given }): TensorKind => {
    const { datatype, shape } = inputs.find(({ name }) => name === input) as TensorSpec & Pick<TensorKind, 'datatype'>;
    return { datatype, shape: (given ?? shape).map((size) => (size === -1 ? batch : size)) };
  });
  return {
    bytes: empty.reduce((sum, kind) => sum + shapeBytes(kind), 0),
    make: () => empty.map((kind) => zeroTensor(kind)),
  };
}

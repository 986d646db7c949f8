import type { SequenceConfig } from '../../ports/model-store.ts';
import { countElements } from '../../protocol/count-elements.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';

/** Zeros for the state of a sequence whose first request has `batch`, and what they take, so that they are made once there is room. */
export function initialState(
  { state }: Pick<SequenceConfig, 'state'>,
  inputs: readonly TensorSpec[],
  batch: number,
): { readonly bytes: number; make(): readonly FixedTensor[] } {
  const empty = state.map(({ input, shape: given }) => {
    const { datatype, shape } = inputs.find(({ name }) => name === input) as TensorSpec & Pick<FixedTensor, 'datatype'>;
    return { datatype, shape: (given ?? shape).map((size) => (size === -1 ? batch : size)) };
  });
  const bytesOf = ({ datatype, shape }: (typeof empty)[number]) => countElements(shape) * elementBytes[datatype];
  return {
    bytes: empty.reduce((sum, tensor) => sum + bytesOf(tensor), 0),
    make: () => empty.map((tensor) => ({ ...tensor, data: new Uint8Array(bytesOf(tensor)) })),
  };
}

import type { Run } from '../../ports/session.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';

/** Rows of the first of the inputs of a run whose first dimension is free; 1 where there is none. */
export function batchOf(specs: readonly TensorSpec[], { inputNames, inputs }: Run): number {
  const first = specs.find(({ name, shape }) => shape[0] === -1 && inputNames.includes(name));
  return first ? (inputs[inputNames.indexOf(first.name)]?.shape[0] ?? 1) : 1;
}

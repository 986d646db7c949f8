import type { Run } from '../ports/session.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import type { ModelSignature } from './model-version.ts';

/**
 * Inferences in one request: its rows where the first dimension is free in every input and output, which makes it a
 * batch; else one.
 */
export function countRows({ inputs, outputs }: ModelSignature, request: Pick<Run, 'inputs'>): number {
  for (const input of inputs) if (!hasRows(input)) return 1;
  for (const output of outputs) if (!hasRows(output)) return 1;
  return request.inputs[0]?.shape[0] ?? 1;
}

function hasRows({ shape, anyRank }: TensorSpec): boolean {
  return shape[0] === -1 && !anyRank;
}

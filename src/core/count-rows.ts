import type { Run } from '../ports/session.ts';
import type { ModelSignature } from './model-version.ts';

/**
 * Inferences in one request: its rows where the first dimension is free in every input, and in every output of whose
 * shape the model says something, which makes it a batch; else one.
 */
export function countRows(
  { inputs, outputs }: Pick<ModelSignature, 'inputs' | 'outputs'>,
  request: Pick<Run, 'inputs'>,
): number {
  for (const { shape, anyRank } of inputs) if (anyRank || shape[0] !== -1) return 1;
  for (const { shape } of outputs) if (shape[0] !== -1) return 1;
  return request.inputs[0]?.shape[0] ?? 1;
}

import type { InferenceRequest } from '../protocol/inference.ts';
import type { ModelSignature } from './model-version.ts';

/** Inferences in one request: its rows where the first dimension is free in every input and output, which makes it a batch; else one. */
export function countRows({ inputs, outputs }: ModelSignature, request: InferenceRequest): number {
  for (const input of inputs) if (input.shape[0] !== -1) return 1;
  for (const output of outputs) if (output.shape[0] !== -1) return 1;
  return request.inputs[0]?.shape[0] ?? 1;
}

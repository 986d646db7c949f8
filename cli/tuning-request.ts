import { readFile } from 'node:fs/promises';
import type { ModelSignature } from '../src/core/model-version.ts';
import { trialInputs } from '../src/core/trial-inputs.ts';
import { warmUpInputs } from '../src/core/warm-up-inputs.ts';
import type { ModelConfig } from '../src/ports/model-store.ts';
import { decodeInferenceRequest } from '../src/protocol/decode-inference-request.ts';
import type { InferenceRequest } from '../src/protocol/inference.ts';
import { defaultLimits } from '../src/settings.ts';
import { unreadable } from './unreadable.ts';

/**
 * The request in `file`, as it would be sent to a server; without a file one of random values, in the shapes of the
 * warm-up.
 */
export async function tuningRequest(
  { inputs }: ModelSignature,
  shapes: ModelConfig['warmupShapes'],
  file: string | undefined,
): Promise<InferenceRequest> {
  if (file !== undefined) return readRequest(file);
  const given = warmUpInputs(inputs, shapes).map(({ shape }) => shape);
  const tensors = trialInputs(inputs, given, 'random');
  return {
    parameters: {},
    inputs: tensors.map((tensor, index) => ({ ...tensor, name: inputs[index]?.name ?? '' })),
  };
}

async function readRequest(file: string): Promise<InferenceRequest> {
  const content = await readFile(file).catch(unreadable(file));
  try {
    const request = decodeInferenceRequest(content, undefined, defaultLimits);
    if (request.references) throw new Error("expected the inputs' data in it, got a content_ref");
    return request;
  } catch (error) {
    throw new Error(`${file} is no inference request as a server takes them: ${(error as Error).message}`);
  }
}

import type { EncodedBody } from './encoded-body.ts';
import type { InferenceResponse } from './inference.ts';
import { writeTensors } from './write-tensors.ts';

const encoder = new TextEncoder();

/** Encodes an infer response: JSON, with the outputs that `isBinary` names as bytes behind it. Throws 400 for what JSON cannot carry. */
export function encodeInferenceResponse(
  response: InferenceResponse,
  isBinary: (output: string) => boolean,
): EncodedBody {
  const { modelName, modelVersion, id, parameters, outputs } = response;
  const binary: Uint8Array[] = [];
  const tensors = writeTensors(outputs, isBinary, binary);
  const json = encoder.encode(
    `{"model_name":${JSON.stringify(modelName)},"model_version":${JSON.stringify(modelVersion)}` +
      (id === undefined ? '' : `,"id":${JSON.stringify(id)}`) +
      (parameters === undefined ? '' : `,"parameters":${JSON.stringify(parameters)}`) +
      `,"outputs":${tensors}}`,
  );
  return { chunks: [json, ...binary], jsonBytes: binary.length > 0 ? json.length : undefined };
}

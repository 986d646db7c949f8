import type { EncodedBody } from './encoded-body.ts';
import type { InferenceRequest } from './inference.ts';
import { writeTensors } from './write-tensors.ts';

const encoder = new TextEncoder();

/** Encodes an infer request, with the inputs that `isBinary` names as bytes behind the JSON. Throws 400 for what JSON cannot carry. */
export function encodeInferenceRequest(request: InferenceRequest, isBinary: (input: string) => boolean): EncodedBody {
  const { id, parameters, inputs, outputs } = request;
  const binary: Uint8Array[] = [];
  const tensors = writeTensors(inputs, isBinary, binary);
  const json = encoder.encode(
    `{${id === undefined ? '' : `"id":${JSON.stringify(id)},`}"parameters":${JSON.stringify(parameters)},"inputs":${tensors}` +
      `${outputs === undefined ? '' : `,"outputs":${JSON.stringify(outputs)}`}}`,
  );
  return { chunks: [json, ...binary], jsonBytes: binary.length > 0 ? json.length : undefined };
}

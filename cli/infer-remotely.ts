import { decodeInferenceResponse } from '../src/protocol/decode-inference-response.ts';
import { encodeInferenceRequest } from '../src/protocol/encode-inference-request.ts';
import type { InferenceResponse } from '../src/protocol/inference.ts';
import { askServer } from './ask-server.ts';
import type { InferOptions } from './infer-options.ts';
import { modelPath } from './model-path.ts';
import type { ModelReference } from './model-reference.ts';
import { parseInput } from './parse-input.ts';
import { readMetadata } from './read-metadata.ts';
import { serverUrl } from './server-url.ts';

const headerLength = 'inference-header-content-length';

/** Runs a model of the server at `address`: its metadata tells the inputs, tensors travel as bytes. */
export async function inferRemotely(
  address: string,
  reference: ModelReference,
  options: InferOptions,
): Promise<InferenceResponse> {
  const url = serverUrl(address);
  const path = modelPath(reference);
  const { inputs: specs } = await readMetadata(url, reference);
  const inputs = await Promise.all(options.input.map((text) => parseInput(text, specs)));
  const outputs = options.output.map((output) => ({ name: output, parameters: {} }));
  const request = { parameters: { binary_data_output: true }, inputs, ...(outputs.length > 0 ? { outputs } : {}) };
  const { chunks, jsonBytes } = encodeInferenceRequest(request, () => true);
  const response = await askServer(`${url}/v2/models/${path}/infer`, {
    method: 'POST',
    headers: {
      'content-type': 'application/octet-stream',
      ...(jsonBytes === undefined ? {} : { [headerLength]: String(jsonBytes) }),
    },
    body: Buffer.concat(chunks),
  });
  const length = response.headers.get(headerLength);
  return decodeInferenceResponse(
    new Uint8Array(await response.arrayBuffer()),
    length === null ? undefined : Number(length),
  );
}

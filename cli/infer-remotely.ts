import { decodeInferenceResponse } from '../src/protocol/decode-inference-response.ts';
import { encodeInferenceRequest } from '../src/protocol/encode-inference-request.ts';
import type { InferenceResponse } from '../src/protocol/inference.ts';
import type { TensorSpec } from '../src/protocol/tensor-spec.ts';
import { askServer } from './ask-server.ts';
import type { InferOptions } from './infer-options.ts';
import { parseInput } from './parse-input.ts';
import { serverUrl } from './server-url.ts';
import { unknownModel } from './unknown-model.ts';

const headerLength = 'inference-header-content-length';

/** Runs a model of the server at `address`: its metadata tells the inputs, tensors travel as bytes. */
export async function inferRemotely(address: string, name: string, options: InferOptions): Promise<InferenceResponse> {
  const url = serverUrl(address);
  const versions = options.version === undefined ? '' : `/versions/${encodeURIComponent(options.version)}`;
  const model = `${url}/v2/models/${encodeURIComponent(name)}${versions}`;
  const specs = await readInputs(url, model, name);
  const inputs = await Promise.all(options.input.map((text) => parseInput(text, specs)));
  const outputs = options.output.map((output) => ({ name: output, parameters: {} }));
  const request = { parameters: { binary_data_output: true }, inputs, ...(outputs.length > 0 ? { outputs } : {}) };
  const { chunks, jsonBytes } = encodeInferenceRequest(request, () => true);
  const response = await askServer(`${model}/infer`, {
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

async function readInputs(url: string, model: string, name: string): Promise<readonly TensorSpec[]> {
  const response = await askServer(model).catch(async (error) => {
    if (error.status !== 404) throw error;
    const names = await modelNames(url);
    throw names.includes(name) ? error : unknownModel(name, url, names);
  });
  const { inputs } = (await response.json()) as { inputs?: readonly TensorSpec[] };
  if (Array.isArray(inputs)) return inputs;
  throw new Error(`${model} answers with no metadata of a model`);
}

async function modelNames(url: string): Promise<readonly string[]> {
  const { models } = (await (await askServer(`${url}/v2/models`)).json()) as { models: readonly string[] };
  return models;
}

import { checkInputs } from '../src/core/check-inputs.ts';
import { decodeInferenceResponse } from '../src/protocol/decode-inference-response.ts';
import { encodeInferenceRequest } from '../src/protocol/encode-inference-request.ts';
import type { InferenceResponse } from '../src/protocol/inference.ts';
import type { TensorSpec } from '../src/protocol/tensor-spec.ts';
import type { InferOptions } from './infer-options.ts';
import { parseInput } from './parse-input.ts';

const headerLength = 'inference-header-content-length';

/** Runs a model of the server at `url`: its metadata tells the inputs, tensors travel as bytes. */
export async function inferRemotely(url: string, name: string, options: InferOptions): Promise<InferenceResponse> {
  const versions = options.version === undefined ? '' : `/versions/${encodeURIComponent(options.version)}`;
  const model = `${url.replace(/\/+$/, '')}/v2/models/${encodeURIComponent(name)}${versions}`;
  const metadata = (await (await ask(model)).json()) as { inputs?: readonly TensorSpec[] };
  if (!Array.isArray(metadata.inputs)) throw new Error(`${model} answers with no metadata of a model`);
  const specs: readonly TensorSpec[] = metadata.inputs;
  const inputs = await Promise.all(options.input.map((text) => parseInput(text, specs)));
  checkInputs(specs, inputs);
  const outputs = options.output.map((output) => ({ name: output, parameters: {} }));
  const request = { parameters: { binary_data_output: true }, inputs, ...(outputs.length > 0 ? { outputs } : {}) };
  const { chunks, jsonBytes } = encodeInferenceRequest(request, () => true);
  const response = await ask(`${model}/infer`, {
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

async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init).catch((error: Error) => {
    const { cause } = error;
    throw new Error(`${url} cannot be reached: ${cause instanceof Error ? cause.message : error.message}`);
  });
  if (response.ok) return response;
  const text = await response.text();
  throw new Error(`the server answers ${response.status}: ${errorOf(text)}`);
}

function errorOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === 'string') return error;
  } catch {
    // Not JSON: a proxy's page, say. Its text is all there is.
  }
  return text.slice(0, 200);
}

import { decodeInferenceResponse } from '../../protocol/decode-inference-response.ts';
import { encodeInferenceRequest } from '../../protocol/encode-inference-request.ts';
import type { OutputTensor } from '../../protocol/inference.ts';
import { jsonIn } from '../../protocol/json-in.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { outputsOf } from './outputs-of.ts';
import type { StepServer } from './read-step-servers.ts';
import type { RemoteCaller } from './remote-caller.ts';
import { remoteFailure } from './remote-failure.ts';

const headerLength = 'inference-header-content-length';

/** Asks a model over HTTP; tensors travel as bytes. */
export function httpCaller(
  server: string,
  { url, key }: StepServer,
  model: string,
  version: string | undefined,
): RemoteCaller {
  const versions = version === undefined ? '' : `/versions/${encodeURIComponent(version)}`;
  const path = `${url.href.replace(/\/$/, '')}/v2/models/${encodeURIComponent(model)}${versions}`;
  const ask = async (address: string, init: RequestInit = {}) => {
    const headers = { ...init.headers, ...(key !== undefined && { 'x-api-key': key }) };
    const response = await fetch(address, { ...init, headers }).catch((error: Error) => {
      throw remoteFailure(server, 503, 'it cannot be reached', error);
    });
    if (response.ok) return response;
    const answer = jsonIn(await response.text().catch(() => '')) as { error?: unknown } | undefined;
    const message = typeof answer?.error === 'string' ? answer.error : `it answers ${response.status}`;
    throw remoteFailure(server, response.status, message);
  };
  return {
    async describe(signal) {
      const answer = await (await ask(path, { signal })).json();
      const { inputs, outputs } = answer as Record<'inputs' | 'outputs', TensorSpec[]>;
      return { inputs, outputs };
    },
    async infer({ inputNames, inputs, outputNames, priority }, signal) {
      const request = {
        parameters: { binary_data_output: true, ...(priority !== undefined && { priority }) },
        inputs: inputs.map((tensor, index) => ({ ...tensor, name: inputNames[index] }) as OutputTensor),
        outputs: outputNames.map((name) => ({ name, parameters: {} })),
      };
      const { chunks, jsonBytes } = encodeInferenceRequest(request, () => true);
      const headers = {
        'content-type': 'application/octet-stream',
        ...(jsonBytes !== undefined && { [headerLength]: String(jsonBytes) }),
      };
      const body = Buffer.concat(chunks);
      const response = await ask(`${path}/infer`, { method: 'POST', headers, body, signal });
      const length = response.headers.get(headerLength);
      const bytes = new Uint8Array(await response.arrayBuffer());
      const { outputs } = decodeInferenceResponse(bytes, length === null ? undefined : Number(length));
      return outputsOf(server, outputs, outputNames);
    },
  };
}

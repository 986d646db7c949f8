import type { DataPlane } from '../core/data-plane.ts';
import type { StageTimes } from '../core/model-statistics.ts';
import type { ModelVersion } from '../core/model-version.ts';
import type { Clock } from '../ports/clock.ts';
import { decodeInferenceRequest } from '../protocol/decode-inference-request.ts';
import { decodeRawRequest } from '../protocol/decode-raw-request.ts';
import { encodeInferenceResponse } from '../protocol/encode-inference-response.ts';
import type { InferenceRequest, InferenceResponse } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { Limits } from '../settings.ts';
import type { HttpRequest, HttpResponse } from './http-message.ts';
import { requestTimeoutMs } from './request-timeout.ts';
import type { Handler } from './router.ts';
import { runSignal } from './run-signal.ts';

/** `POST …/infer`: decodes JSON, JSON with binary tensors, or a raw body; runs; answers in the form that was asked for. */
export function inferRoute(dataPlane: DataPlane, limits: Limits, clock: Clock): Handler {
  return async (request, [name, reference]) => {
    const received = clock.now();
    const version = dataPlane.repository.resolve(name ?? '', reference);
    const jsonBytes = headerLength(request);
    const decoded = await decode(dataPlane, version, request, jsonBytes, limits);
    const times: StageTimes = { inputMs: clock.now() - received, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 };
    const run = runSignal(request, requestTimeoutMs(request, decoded));
    try {
      const response = await dataPlane.infer(version, decoded, { times, signal: run.signal });
      const started = clock.now();
      const answer = encode(response, decoded, jsonBytes === 0);
      times.outputMs = clock.now() - started;
      version.statistics.succeeded(times, rows(version, decoded));
      return { ...answer, timing: serverTiming(times) };
    } finally {
      run.end();
    }
  };
}

function headerLength(request: HttpRequest): number | undefined {
  const header = request.headers['inference-header-content-length'];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[0-9]{1,15}$/.test(header)) return Number(header);
  throw new ServiceError(
    400,
    `header Inference-Header-Content-Length: expected the number of bytes of the JSON part, got '${header}'`,
  );
}

async function decode(
  dataPlane: DataPlane,
  version: ModelVersion,
  { body, headers }: HttpRequest,
  jsonBytes: number | undefined,
  limits: Limits,
): Promise<InferenceRequest> {
  if (jsonBytes === 0) return decodeRawRequest(body, (await dataPlane.signature(version)).inputs, limits);
  const type = headers['content-type'];
  if (
    typeof type === 'string' &&
    !/^\s*(application\/(json|octet-stream|x-www-form-urlencoded)|[^;]*\+json|text\/plain)\s*(;|$)/i.test(type)
  ) {
    throw new ServiceError(
      415,
      `content type '${type.slice(0, 100)}': expected application/json, or application/octet-stream with binary tensors`,
    );
  }
  return decodeInferenceRequest(body, jsonBytes, limits);
}

function encode(response: InferenceResponse, request: InferenceRequest, raw: boolean): HttpResponse {
  const byDefault = raw || flag('binary_data_output', request.parameters.binary_data_output) === true;
  const { chunks, jsonBytes } = encodeInferenceResponse(response, (name) => {
    const asked = request.outputs?.find((output) => output.name === name)?.parameters.binary_data;
    return flag('binary_data', asked) ?? byDefault;
  });
  if (jsonBytes === undefined) return { status: 200, headers: ['content-type', 'application/json'], body: chunks };
  return {
    status: 200,
    headers: ['content-type', 'application/octet-stream', 'inference-header-content-length', String(jsonBytes)],
    body: chunks,
  };
}

function flag(name: string, value: string | number | boolean | undefined): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw new ServiceError(400, `parameter '${name}': expected true or false, got ${JSON.stringify(value)}`);
}

function rows(version: ModelVersion, request: InferenceRequest): number {
  return version.signature?.inputs[0]?.shape[0] === -1 ? (request.inputs[0]?.shape[0] ?? 1) : 1;
}

function serverTiming(times: StageTimes): string {
  const { inputMs, loadMs, queueMs, inferMs, outputMs } = times;
  return `input;dur=${inputMs.toFixed(3)}, load;dur=${loadMs.toFixed(3)}, queue;dur=${queueMs.toFixed(3)}, infer;dur=${inferMs.toFixed(3)}, output;dur=${outputMs.toFixed(3)}`;
}

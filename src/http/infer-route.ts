import { comparableInference } from '../core/canary/comparable-inference.ts';
import { checkInputs } from '../core/check-inputs.ts';
import { countRows } from '../core/count-rows.ts';
import type { DataPlane } from '../core/data-plane.ts';
import { fetchReferences } from '../core/fetch-references.ts';
import { hasTexts } from '../core/generation/infer-texts.ts';
import { linkOutputs } from '../core/link-outputs.ts';
import type { ModelVersion } from '../core/model-version.ts';
import { hasItems } from '../core/tasks/infer-items.ts';
import type { Clock } from '../ports/clock.ts';
import type { ExchangeAccess } from '../ports/exchange.ts';
import { decodeInferenceRequest } from '../protocol/decode-inference-request.ts';
import { decodeRawRequest } from '../protocol/decode-raw-request.ts';
import { encodeInferenceResponse } from '../protocol/encode-inference-response.ts';
import type { EncodedBody } from '../protocol/encoded-body.ts';
import type {
  DecodedRequest,
  InferenceRequest,
  InferenceResponse,
  OutputReference,
  OutputTensor,
} from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { Limits } from '../settings.ts';
import { answerRecord } from './answer-record.ts';
import type { HttpRequest } from './http-message.ts';
import { identityOf } from './identity-of.ts';
import { InferCall } from './infer-call.ts';
import { needExchange } from './need-exchange.ts';
import type { Handler } from './router.ts';

/**
 * `POST …/infer`: decodes JSON, JSON with binary tensors, or a raw body; runs; answers in the form that was asked for.
 * Inputs that were uploaded, and outputs that are asked for as links, go by the exchange.
 *
 * Every request that names a version counts once in its statistics, as a success or a failure.
 */
export function inferRoute(dataPlane: DataPlane, limits: Limits, clock: Clock, exchange?: ExchangeAccess): Handler {
  return async (request, [name, reference]) => {
    const call = new InferCall(request, clock);
    const { times, received } = call;
    let chosen = dataPlane.releases.choose(name ?? '', reference, identityOf(request));
    try {
      const jsonBytes = headerLength(request);
      const decoded: DecodedRequest =
        jsonBytes === 0
          ? await decodeRaw(dataPlane, chosen.version, request, call, limits)
          : decode(request, jsonBytes, call, limits);
      chosen = chosen.by(dataPlane.versionFor(chosen.version, reference, decoded.parameters, call));
      request.onChosen?.(chosen.served);
      const { version } = chosen;
      if (call.hasLinks) needExchange(exchange, 400);
      const whole = decoded.references ? await fetchInputs(dataPlane, version, decoded, call, exchange) : decoded;
      times.inputMs = clock.now() - received - times.loadMs;
      const response = await dataPlane.infer(version, whole, call);
      const started = clock.now();
      const answer = call.hasLinks ? await encodeLinks(response, call, exchange) : encode(response, call);
      times.outputMs = clock.now() - started;
      const items = version.signature ? countRows(version.signature, whole) : 1;
      chosen.succeeded(
        times,
        items,
        chosen.isWatched ? comparableInference(dataPlane, version, whole, response) : undefined,
      );
      return {
        status: 200,
        headers: headersOf(answer),
        body: answer.chunks,
        ...answerRecord(call, chosen, items),
      };
    } catch (error) {
      chosen.failed(clock.now() - received, error);
      throw error;
    } finally {
      call.end();
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

/** The request with the inputs that were uploaded, which are fetched once the model is known to take them. */
async function fetchInputs(
  dataPlane: DataPlane,
  version: ModelVersion,
  { references = [], ...request }: DecodedRequest,
  call: InferCall,
  exchange: ExchangeAccess | undefined,
): Promise<InferenceRequest> {
  const access = needExchange(exchange, 400);
  const signature = await dataPlane.signature(version, call);
  const all = [...request.inputs, ...references];
  if (!hasItems(version, all) && !hasTexts(version, all)) checkInputs(signature.inputs, all);
  const fetched = await fetchReferences(references, access, call.signal());
  return { ...request, inputs: [...request.inputs, ...fetched] };
}

function encode(response: InferenceResponse<OutputTensor | OutputReference>, call: InferCall): EncodedBody {
  return encodeInferenceResponse(response, (output) => call.isBinary(output));
}

async function encodeLinks(
  response: InferenceResponse,
  call: InferCall,
  exchange: ExchangeAccess | undefined,
): Promise<EncodedBody> {
  const isLinked = (output: string) => call.isLinked(output);
  return encode(await linkOutputs(response, isLinked, needExchange(exchange, 400), call.signal()), call);
}

const noRequest: InferenceRequest = { parameters: {}, inputs: [] };

/** A raw body says nothing but the data, so that the model must be known, and be loaded for that, first. */
async function decodeRaw(
  dataPlane: DataPlane,
  version: ModelVersion,
  { body }: HttpRequest,
  call: InferCall,
  limits: Limits,
): Promise<InferenceRequest> {
  call.begin(noRequest, true);
  const { inputs } = await dataPlane.signature(version, call);
  return decodeRawRequest(body, inputs, limits);
}

function decode(
  { body, headers }: HttpRequest,
  jsonBytes: number | undefined,
  call: InferCall,
  limits: Limits,
): DecodedRequest {
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
  const decoded = decodeInferenceRequest(body, jsonBytes, limits);
  call.begin(decoded, false);
  return decoded;
}

function headersOf({ jsonBytes }: EncodedBody): string[] {
  return jsonBytes === undefined
    ? ['content-type', 'application/json']
    : ['content-type', 'application/octet-stream', 'inference-header-content-length', String(jsonBytes)];
}

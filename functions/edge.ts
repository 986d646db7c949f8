import { MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { answeredHttp } from '../src/adapters/answered-http.ts';
import { compressResponse } from '../src/adapters/node-server/compress-response.ts';
import { decodeBody } from '../src/adapters/node-server/content-encoding.ts';
import { errorResponse } from '../src/http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../src/http/http-message.ts';
import { roundedMs } from '../src/http/rounded-ms.ts';
import { totalTiming } from '../src/http/total-timing.ts';
import type { AnsweredCall } from '../src/ports/answered-call.ts';
import type { Caller } from '../src/ports/caller.ts';
import type { Chosen, Served } from '../src/ports/served.ts';
import { crossOriginHeaders, streamedPaths } from '../src/settings.ts';
import { callerOf } from './caller-of.ts';
import { joinStream } from './join-stream.ts';
import { lambdaRequest } from './lambda-request.ts';
import { lambdaResult } from './lambda-result.ts';
import { logger } from './logger.ts';
import { metrics } from './metrics.ts';
import { mostSilentMs } from './most-silent-ms.ts';
import { sendSubsegment } from './send-subsegment.ts';
import { streamHandler } from './stream-handler.ts';
import { type StreamedResult, streamedResult } from './streamed-result.ts';
import { timeLimit } from './time-limit.ts';
import { unknownEvent } from './unknown-event.ts';

/** An event that only keeps an environment warm. */
interface WarmUpEvent {
  readonly source: 'tensorgate.warm-up';
}

/** What is known of a request while it is answered. */
interface Asked {
  /** Undefined where it is not known, or not yet. */
  caller?: Caller | undefined;
  /** Decompressed; undefined where it was not to be. */
  body: Uint8Array | undefined;
  /** The version that answers it. */
  chosen?: Chosen;
}

type Event = APIGatewayProxyEvent | WarmUpEvent | null;

export interface EdgeWork {
  /** Says whose a request is. Rejects where that cannot be known, and where it is nobody's who may call. */
  callerIn(event: APIGatewayProxyEvent): Promise<Caller>;
  answer(request: HttpRequest): Promise<HttpResponse>;
  /** Hears of each request once it is answered, and is waited for. @default nobody */
  answered?(call: AnsweredCall): Promise<void>;
  /** Gets the environment ready for the next request; nobody waits for it. */
  warmUp(): Promise<void>;
}

export interface EdgeOptions {
  readonly maxDecompressedBytes: number;
  /** Whose pages may read the answers; undefined: none. */
  readonly corsOrigin: string | undefined;
  /** Milliseconds that an answer may take which does not stream. @default all that the function has */
  readonly answerMs?: number | undefined;
  /** Whether API Gateway takes streams at the paths of `streamedPaths`. @default false */
  readonly streams?: boolean | undefined;
}

/**
 * The one place that knows middy and API Gateway's events: turns an event into a request, the answer into a result,
 * and records both. A deadline ends the work and answers 504 before Lambda would end the process.
 */
export function edge(work: EdgeWork, options: EdgeOptions) {
  let isColdStart = true;
  const mayStream = ({ resource }: APIGatewayProxyEvent) => options.streams === true && streamedPaths.test(resource);

  const answer = async (
    event: APIGatewayProxyEvent,
    request: HttpRequest,
    streams: boolean,
    asked: Asked,
  ): Promise<HttpResponse> => {
    const caller = await work.callerIn(event);
    asked.caller = caller;
    const { 'content-encoding': encoding, 'accept-encoding': accept } = request.headers;
    const body =
      typeof encoding === 'string'
        ? await decodeBody(request.body, encoding, options.maxDecompressedBytes)
        : request.body;
    asked.body = body;
    const onChosen = (chosen: Chosen) => {
      asked.chosen = chosen;
    };
    const given = await work.answer({ ...request, body, caller, onChosen });
    const response = streams ? given : await joinStream(given);
    return compressResponse(response, accept) ?? response;
  };

  const respond = async (
    event: APIGatewayProxyEvent,
    context: Context,
  ): Promise<APIGatewayProxyResult | StreamedResult> => {
    const started = performance.now();
    const { requestId } = event.requestContext;
    const streams = mayStream(event);
    const mostMs = streams ? mostSilentMs : (options.answerMs ?? Number.POSITIVE_INFINITY);
    const deadline = timeLimit(Math.min(mostMs, context.getRemainingTimeInMillis()));
    // Who asked stands in every line that is written meanwhile.
    logger.appendKeys({ requestId, ...callerOf(event) });
    const request = lambdaRequest(event, deadline.signal);

    const asked: Asked = { body: undefined };
    let failure: unknown;
    const failed = (error: unknown): HttpResponse => {
      failure = error;
      return { ...errorResponse(error, requestId, request.path), chosen: asked.chosen };
    };
    const end = async (response: HttpResponse, error: unknown = failure): Promise<void> => {
      deadline.end();
      const ms = performance.now() - started;
      const { keyId, principal } = callerOf(event);
      const key = asked.caller?.name ?? keyId ?? principal;
      const told = { method: event.httpMethod, path: request.path, requestId, key };
      const records = work.answered?.(answeredHttp(told, response, ms, asked.body, error));
      await Promise.all([record(event, response, ms, error), records]);
      logger.resetKeys();
      isColdStart = false;
    };
    let response = await Promise.race([answer(event, request, streams, asked), deadline.passed]).catch(failed);
    const headers = headersOf(response, requestId, started);
    if (streams) {
      deadline.restart(context.getRemainingTimeInMillis());
      return streamedResult(response, headers, deadline.passed, (error) => end(response, error));
    }
    let result: APIGatewayProxyResult;
    try {
      result = lambdaResult(response, headers);
    } catch (error) {
      response = failed(error);
      result = lambdaResult(response, headers);
    }
    await end(response);
    return result;
  };

  const headersOf = (
    { timing, chosen, served = chosen }: HttpResponse,
    requestId: string,
    started: number,
  ): Record<string, string> => ({
    'x-request-id': requestId,
    ...(served && { 'x-tensorgate-version': served.version }),
    ...(served?.alias !== undefined && { 'x-tensorgate-alias': served.alias }),
    'server-timing': totalTiming(timing, performance.now() - started),
    ...(options.corsOrigin !== undefined && crossOriginHeaders(options.corsOrigin)),
  });

  /** A line in the log, a metric of each inference, and a trace of what is sampled; never with bodies or keys. */
  const record = (event: APIGatewayProxyEvent, response: HttpResponse, ms: number, error?: unknown) => {
    const { status, served, chosen, timing } = response;
    const { httpMethod: method, path } = event;
    const fields = { method, path, status, ms: roundedMs(ms), ...(served ?? chosen) };
    if (status === 500 || (status < 400 && error !== undefined))
      logger.error('answered', { ...fields, error: error as Error });
    else logger.info('answered', fields);
    if (served) measure(served, ms, callerOf(event));
    const endedAtMs = Date.now();
    return sendSubsegment(
      {
        name: 'answer',
        startedAtMs: endedAtMs - ms,
        endedAtMs,
        status,
        annotations: {
          ...(served && { model: served.model, version: served.version }),
          ...callerOf(event),
          coldStart: isColdStart,
        },
        metadata: { method, path, ...(timing !== undefined && { timing }) },
        error,
      },
      process.env,
    );
  };

  /** The caller is a property, not a dimension: each key would be a metric of its own, and be paid for as one. */
  const measure = (served: Served, ms: number, caller: Record<string, string>) => {
    metrics.addDimensions({ model: served.model, version: served.version });
    metrics.addMetric('InferenceMs', MetricUnit.Milliseconds, ms);
    for (const [name, value] of Object.entries(caller)) metrics.addMetadata(name, value);
    metrics.publishStoredMetrics();
  };

  const warmUp = async (context: Context): Promise<void> => {
    const deadline = timeLimit(context.getRemainingTimeInMillis());
    try {
      await Promise.race([work.warmUp(), deadline.passed]);
    } catch (error) {
      logger.error('the environment could not be warmed up', error as Error);
    } finally {
      deadline.end();
    }
  };

  const handler = async (event: Event, context: Context) => {
    if (isRequest(event)) return respond(event, context);
    if (event?.source === 'tensorgate.warm-up') {
      await warmUp(context);
      return undefined;
    }
    throw unknownEvent(`a request of API Gateway's REST proxy, or {"source":"tensorgate.warm-up"}`, event);
  };
  const wrapped = middy(handler);
  // middy's type has two forms, of which the runtime knows the one without options.
  return options.streams ? streamHandler((event: Event, context) => wrapped(event, context)) : wrapped;
}

function isRequest(event: Event): event is APIGatewayProxyEvent {
  return event !== null && 'httpMethod' in event && 'path' in event && 'requestContext' in event;
}

import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { answeredHttp } from '../src/adapters/answered-http.ts';
import { compressResponse } from '../src/adapters/node-server/compress-response.ts';
import { decodeBody } from '../src/adapters/node-server/content-encoding.ts';
import { errorResponse } from '../src/http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../src/http/http-message.ts';
import { totalTiming } from '../src/http/total-timing.ts';
import type { AnsweredCall } from '../src/ports/answered-call.ts';
import type { Caller } from '../src/ports/caller.ts';
import type { Chosen } from '../src/ports/served.ts';
import { crossOriginHeaders, streamedPaths } from '../src/settings.ts';
import { callerOf } from './caller-of.ts';
import { joinStream } from './join-stream.ts';
import { lambdaRequest } from './lambda-request.ts';
import { lambdaResult } from './lambda-result.ts';
import { logger } from './logger.ts';
import { mostSilentMs } from './most-silent-ms.ts';
import { recordAnswer } from './record-answer.ts';
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
      await Promise.all([recordAnswer(event, response, { ms, isColdStart, error }), records]);
      logger.resetKeys();
      isColdStart = false;
    };
    let response = await Promise.race([answer(event, request, streams, asked), deadline.passed]).catch(failed);
    const headers = headersOf(response, requestId, started, options.corsOrigin);
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

function headersOf(
  { timing, chosen, served = chosen }: HttpResponse,
  requestId: string,
  started: number,
  corsOrigin: string | undefined,
): Record<string, string> {
  return {
    'x-request-id': requestId,
    ...(served && { 'x-tensorgate-version': served.version }),
    ...(served?.alias !== undefined && { 'x-tensorgate-alias': served.alias }),
    'server-timing': totalTiming(timing, performance.now() - started),
    ...(corsOrigin !== undefined && crossOriginHeaders(corsOrigin)),
  };
}

function isRequest(event: Event): event is APIGatewayProxyEvent {
  return event !== null && 'httpMethod' in event && 'path' in event && 'requestContext' in event;
}

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
import { crossOriginHeaders } from '../src/settings.ts';
import { callerOf } from './caller-of.ts';
import { joinStream } from './join-stream.ts';
import { lambdaRequest } from './lambda-request.ts';
import { lambdaResult } from './lambda-result.ts';
import { logger } from './logger.ts';
import { mostSilentMs } from './most-silent-ms.ts';
import { recordAnswer } from './record-answer.ts';
import { type StreamedResult, streamedResult } from './streamed-result.ts';
import { timeLimit } from './time-limit.ts';

/** What answers requests. */
export interface RequestWork {
  /** Says whose a request is. Rejects where that cannot be known, and where it is nobody's who may call. */
  callerIn(event: APIGatewayProxyEvent): Promise<Caller>;
  answer(request: HttpRequest): Promise<HttpResponse>;
  /** Hears of each request once it is answered, and is waited for. @default nobody */
  answered?(call: AnsweredCall): Promise<void>;
}

export interface RequestOptions {
  readonly maxDecompressedBytes: number;
  /** Whose pages may read the answers; undefined: none. */
  readonly corsOrigin: string | undefined;
  /** Milliseconds that an answer may take which does not stream. @default all that the function has */
  readonly answerMs?: number | undefined;
}

export interface RequestSetting extends RequestOptions {
  /** Whether API Gateway takes a stream as the answer. */
  readonly streams: boolean;
  /** It is the first of its environment. */
  readonly isColdStart: boolean;
}

/** One request of API Gateway while it is answered: from its event to the result, in time, and recorded. */
export class EdgeRequest {
  readonly #event: APIGatewayProxyEvent;
  readonly #context: Context;
  readonly #work: RequestWork;
  readonly #setting: RequestSetting;
  readonly #started = performance.now();
  readonly #deadline: ReturnType<typeof timeLimit>;
  readonly #request: HttpRequest;
  /** Undefined where it is not known, or not yet. */
  #caller: Caller | undefined;
  /** Decompressed; undefined where it was not to be. */
  #body: Uint8Array | undefined;
  /** The version that answers it. */
  #chosen: Chosen | undefined;
  #failure: unknown;

  constructor(event: APIGatewayProxyEvent, context: Context, work: RequestWork, setting: RequestSetting) {
    this.#event = event;
    this.#context = context;
    this.#work = work;
    this.#setting = setting;
    const mostMs = setting.streams ? mostSilentMs : (setting.answerMs ?? Number.POSITIVE_INFINITY);
    this.#deadline = timeLimit(Math.min(mostMs, context.getRemainingTimeInMillis()));
    // Who asked stands in every line that is written meanwhile.
    logger.appendKeys({ requestId: event.requestContext.requestId, ...callerOf(event) });
    this.#request = lambdaRequest(event, this.#deadline.signal);
  }

  /** Does not reject: what fails is an answer, too. */
  async respond(): Promise<APIGatewayProxyResult | StreamedResult> {
    const { passed } = this.#deadline;
    let response = await Promise.race([this.#answer(), passed]).catch((error) => this.#failed(error));
    const headers = this.#headersOf(response);
    if (this.#setting.streams) {
      this.#deadline.restart(this.#context.getRemainingTimeInMillis());
      return streamedResult(response, headers, passed, (error = this.#failure) => this.#end(response, error));
    }
    let result: APIGatewayProxyResult;
    try {
      result = lambdaResult(response, headers);
    } catch (error) {
      response = this.#failed(error);
      result = lambdaResult(response, headers);
    }
    await this.#end(response, this.#failure);
    return result;
  }

  async #answer(): Promise<HttpResponse> {
    const caller = await this.#work.callerIn(this.#event);
    this.#caller = caller;
    const { headers, body: sent } = this.#request;
    const { 'content-encoding': encoding, 'accept-encoding': accept } = headers;
    const most = this.#setting.maxDecompressedBytes;
    const body = typeof encoding === 'string' ? await decodeBody(sent, encoding, most) : sent;
    this.#body = body;
    const onChosen = (chosen: Chosen) => {
      this.#chosen = chosen;
    };
    const given = await this.#work.answer({ ...this.#request, body, caller, onChosen });
    const response = this.#setting.streams ? given : await joinStream(given);
    return compressResponse(response, this.#request.path, accept) ?? response;
  }

  #failed(error: unknown): HttpResponse {
    this.#failure = error;
    const { requestId } = this.#event.requestContext;
    return { ...errorResponse(error, requestId, this.#request.path), chosen: this.#chosen };
  }

  async #end(response: HttpResponse, error: unknown): Promise<void> {
    this.#deadline.end();
    const ms = performance.now() - this.#started;
    const { keyId, principal } = callerOf(this.#event);
    const { httpMethod: method, requestContext } = this.#event;
    const key = this.#caller?.name ?? keyId ?? principal;
    const told = { method, path: this.#request.path, requestId: requestContext.requestId, key };
    const records = this.#work.answered?.(answeredHttp(told, response, ms, this.#body, error));
    const { isColdStart } = this.#setting;
    await Promise.all([recordAnswer(this.#event, response, { ms, isColdStart, error }), records]);
    logger.resetKeys();
  }

  #headersOf({ timing, chosen, served = chosen }: HttpResponse): Record<string, string> {
    const { corsOrigin } = this.#setting;
    return {
      'x-request-id': this.#event.requestContext.requestId,
      ...(served && { 'x-tensorgate-version': served.version }),
      ...(served?.alias !== undefined && { 'x-tensorgate-alias': served.alias }),
      'server-timing': totalTiming(timing, performance.now() - this.#started),
      ...(corsOrigin !== undefined && crossOriginHeaders(corsOrigin)),
    };
  }
}

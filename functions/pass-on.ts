import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { gatewayCaller } from '../src/adapters/api-keys/gateway-caller.ts';
import type { ServiceLog } from '../src/adapters/service-log.ts';
import { errorResponse } from '../src/http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../src/http/http-message.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { callerHeaders, crossOriginHeaders, streamedPaths } from '../src/settings.ts';
import { joinStream } from './join-stream.ts';
import { lambdaRequest } from './lambda-request.ts';
import { lambdaResult } from './lambda-result.ts';
import { mostSilentMs } from './most-silent-ms.ts';
import { streamHandler } from './stream-handler.ts';
import { type StreamedResult, streamedResult } from './streamed-result.ts';
import { timeLimit } from './time-limit.ts';

export interface PassOnOptions {
  /** Whether API Gateway takes streams at the paths of `streamedPaths`. */
  readonly streams: boolean;
  /** Milliseconds that an answer may take which does not stream; undefined: all that the function has. */
  readonly answerMs: number | undefined;
  /** Origin whose pages may call, or `*`: what is asked tells browsers itself, and this of refusals. @default none */
  readonly corsOrigin?: string | undefined;
}

/** What API Gateway tells containers that it asks itself, in place of what the caller sent by these names. */
function callerOfGateway({ requestContext: { authorizer, identity } }: APIGatewayProxyEvent): Record<string, string> {
  const caller = authorizer?.caller ?? identity?.userArn;
  return {
    [callerHeaders.caller]: typeof caller === 'string' ? caller : gatewayCaller.words(),
    [callerHeaders.keyId]: identity?.apiKeyId ?? '-',
  };
}

/** Answers API Gateway with what `ask` says, or rejects with, within the time that the function has. */
export function passOn(
  ask: (request: HttpRequest) => Promise<HttpResponse>,
  log: ServiceLog,
  { streams, answerMs = Number.POSITIVE_INFINITY, corsOrigin }: PassOnOptions,
) {
  const refusal = (error: unknown, { requestId, path }: HttpRequest): HttpResponse => {
    if (!(error instanceof ServiceError) || error.cause !== undefined)
      log.error({ requestId, path, error }, 'the endpoint could not be asked');
    const response = errorResponse(error, requestId, path);
    const open = corsOrigin === undefined ? {} : crossOriginHeaders(corsOrigin);
    return { ...response, headers: [...response.headers, ...Object.entries(open).flat()] };
  };

  const handler = async (
    event: APIGatewayProxyEvent,
    context: Context,
  ): Promise<APIGatewayProxyResult | StreamedResult> => {
    const mayStream = streams && streamedPaths.test(event.resource);
    const deadline = timeLimit(Math.min(mayStream ? mostSilentMs : answerMs, context.getRemainingTimeInMillis()));
    const request = lambdaRequest(event, deadline.signal);
    const asked = { ...request, headers: { ...request.headers, ...callerOfGateway(event) } };
    const answer = async () => (mayStream ? ask(asked) : joinStream(await ask(asked)));
    const refused = (error: unknown) => refusal(error, asked);
    const response = await Promise.race([answer(), deadline.passed]).catch(refused);
    if (mayStream) {
      deadline.restart(context.getRemainingTimeInMillis());
      return streamedResult(response, {}, deadline.passed, async (error) => {
        deadline.end();
        if (error !== undefined)
          log.error({ requestId: asked.requestId, path: asked.path, error }, 'an answer broke off as it streamed');
      });
    }
    deadline.end();
    try {
      return lambdaResult(response, {});
    } catch (error) {
      return lambdaResult(refused(error), {});
    }
  };
  return streams ? streamHandler(handler) : handler;
}

import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { compressResponse } from '../src/adapters/node-server/compress-response.ts';
import { decodeBody } from '../src/adapters/node-server/content-encoding.ts';
import { errorResponse } from '../src/http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../src/http/http-message.ts';
import { totalTiming } from '../src/http/total-timing.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { lambdaRequest } from './lambda-request.ts';
import { lambdaResult } from './lambda-result.ts';

/** An event that only keeps an environment warm. */
interface WarmUpEvent {
  readonly source: 'tensorgate.warm-up';
}

export interface EdgeOptions {
  readonly maxDecompressedBytes: number;
  /** Whose pages may read the answers; undefined: none. */
  readonly corsOrigin: string | undefined;
}

// Room for the answer to leave before Lambda ends the process.
const reserveMs = 500;

export const logger = new Logger();

/**
 * The one place that knows middy and API Gateway's events: turns an event into a request, the answer into a result,
 * and records both. A deadline ends the work and answers 504 before Lambda would end the process.
 */
export function edge(handle: (request: HttpRequest) => Promise<HttpResponse>, options: EdgeOptions) {
  const metrics = new Metrics({ namespace: 'Tensorgate' });

  const answer = async (request: HttpRequest): Promise<HttpResponse> => {
    const { 'content-encoding': encoding, 'accept-encoding': accept } = request.headers;
    const body =
      typeof encoding === 'string'
        ? await decodeBody(request.body, encoding, options.maxDecompressedBytes)
        : request.body;
    const response = await handle({ ...request, body });
    return compressResponse(response, accept) ?? response;
  };

  const respond = async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const started = performance.now();
    const { requestId } = event.requestContext;
    const deadline = timeLimit(context.getRemainingTimeInMillis() - reserveMs);
    const result = (response: HttpResponse) => lambdaResult(response, headersOf(response, requestId, started));
    try {
      const response = await Promise.race([answer(lambdaRequest(event, deadline.signal)), deadline.passed]);
      const answered = result(response);
      record(event, response, performance.now() - started);
      return answered;
    } catch (error) {
      const response = errorResponse(error, requestId);
      record(event, response, performance.now() - started, error);
      return result(response);
    } finally {
      deadline.end();
    }
  };

  const headersOf = ({ timing }: HttpResponse, requestId: string, started: number): Record<string, string> => ({
    'x-request-id': requestId,
    'server-timing': totalTiming(timing, performance.now() - started),
    ...(options.corsOrigin === undefined ? {} : { 'access-control-allow-origin': options.corsOrigin }),
  });

  /** A line in the log, never with bodies or keys, and how long an inference took by model and version. */
  const record = (event: APIGatewayProxyEvent, { status, served }: HttpResponse, ms: number, error?: unknown) => {
    const { identity, requestId } = event.requestContext;
    const fields = {
      requestId,
      method: event.httpMethod,
      path: event.path,
      status,
      ms: Math.round(ms * 1000) / 1000,
      keyId: identity?.apiKeyId ?? undefined,
      principal: identity?.userArn ?? undefined,
      ...served,
    };
    if (status === 500) logger.error('answered', { ...fields, error: error as Error });
    else logger.info('answered', fields);
    if (!served) return;
    metrics.addDimensions({ model: served.model, version: served.version });
    metrics.addMetric('InferenceMs', MetricUnit.Milliseconds, ms);
    metrics.publishStoredMetrics();
  };

  return middy(async (event: APIGatewayProxyEvent | WarmUpEvent, context: Context) =>
    'httpMethod' in event ? respond(event, context) : undefined,
  );
}

/** A signal that aborts after `ms`, and a promise that then rejects with 504. */
function timeLimit(ms: number) {
  const controller = new AbortController();
  const error = new ServiceError(504, 'the request took longer than the function may run; send less at once');
  const passed = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(error), { once: true });
  });
  const timer = setTimeout(() => controller.abort(error), Math.max(0, ms));
  return { signal: controller.signal, passed, end: () => clearTimeout(timer) };
}

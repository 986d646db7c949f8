import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { decodeBody } from '../src/adapters/node-server/content-encoding.ts';
import { errorResponse } from '../src/http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../src/http/http-message.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { lambdaRequest } from './lambda-request.ts';
import { lambdaResult } from './lambda-result.ts';

/** An event that only keeps an environment warm; the deployment's schedule sends it. */
interface WarmUpEvent {
  readonly source: 'tensorgate.warm-up';
}

export interface EdgeOptions {
  readonly maxDecompressedBytes: number;
}

// Room for the answer to leave before Lambda ends the process.
const reserveMs = 500;
const moduleLoaded = performance.now();

export const logger = new Logger({ serviceName: 'tensorgate' });

/**
 * The one place that knows middy and API Gateway's events: turns an event into a request, the answer into a result,
 * and records both. A deadline ends the work and answers 504 before Lambda would end the process.
 */
export function edge(handle: (request: HttpRequest) => Promise<HttpResponse>, options: EdgeOptions) {
  const metrics = new Metrics({ namespace: 'Tensorgate', serviceName: 'tensorgate' });
  let isCold = true;

  const answer = async (request: HttpRequest): Promise<HttpResponse> => {
    const encoding = request.headers['content-encoding'];
    if (typeof encoding !== 'string') return handle(request);
    return handle({ ...request, body: await decodeBody(request.body, encoding, options.maxDecompressedBytes) });
  };

  const respond = async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const started = performance.now();
    const { requestContext } = event;
    const deadline = new AbortController();
    const passed = new ServiceError(504, 'the request took longer than the function may run; send less at once');
    const timer = setTimeout(() => deadline.abort(passed), Math.max(0, context.getRemainingTimeInMillis() - reserveMs));
    const late = new Promise<never>((_resolve, reject) =>
      deadline.signal.addEventListener('abort', () => reject(passed), { once: true }),
    );
    const more = () => ({
      'x-request-id': requestContext.requestId,
      'server-timing': `total;dur=${(performance.now() - started).toFixed(3)}`,
    });
    let response: HttpResponse;
    let result: APIGatewayProxyResult;
    let failure: unknown;
    try {
      response = await Promise.race([answer(lambdaRequest(event, deadline.signal)), late]);
      result = lambdaResult(response, more());
      if (response.timing)
        result.headers = { ...result.headers, 'server-timing': `${response.timing}, ${more()['server-timing']}` };
    } catch (error) {
      failure = error;
      response = errorResponse(error, requestContext.requestId);
      result = lambdaResult(response, more());
    } finally {
      clearTimeout(timer);
    }
    record(event, response, performance.now() - started, failure);
    return result;
  };

  const record = (event: APIGatewayProxyEvent, { status, served }: HttpResponse, ms: number, failure: unknown) => {
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
    if (status >= 500 && status !== 504) logger.error('answered', { ...fields, error: failure as Error });
    else logger.info('answered', fields);
    const metric = metrics.singleMetric();
    if (served) metric.addDimensions({ model: served.model, version: served.version });
    metric.addMetric('InferenceMs', MetricUnit.Milliseconds, ms);
    metrics.addMetric('MemoryUsedBytes', MetricUnit.Bytes, process.memoryUsage.rss());
    if (isCold) metrics.addMetric('ColdStartMs', MetricUnit.Milliseconds, performance.now() - moduleLoaded + ms);
    isCold = false;
    metrics.publishStoredMetrics();
  };

  return middy(async (event: APIGatewayProxyEvent | WarmUpEvent, context: Context) =>
    'httpMethod' in event ? respond(event, context) : undefined,
  );
}

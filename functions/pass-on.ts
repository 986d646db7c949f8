import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { ServiceLog } from '../src/adapters/service-log.ts';
import { errorResponse } from '../src/http/error-response.ts';
import type { HttpRequest, HttpResponse } from '../src/http/http-message.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { lambdaRequest } from './lambda-request.ts';
import { lambdaResult } from './lambda-result.ts';
import { timeLimit } from './time-limit.ts';

/** Answers API Gateway with what `ask` says, or rejects with, within the time that the function has. */
export function passOn(ask: (request: HttpRequest) => Promise<HttpResponse>, log: ServiceLog) {
  const refusal = (error: unknown, { requestId, path }: HttpRequest): HttpResponse => {
    if (!(error instanceof ServiceError) || error.cause !== undefined)
      log.error({ requestId, path, error }, 'the endpoint could not be asked');
    return errorResponse(error, requestId, path);
  };

  return async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> => {
    const deadline = timeLimit(context.getRemainingTimeInMillis());
    const asked = lambdaRequest(event, deadline.signal);
    try {
      return lambdaResult(await Promise.race([ask(asked), deadline.passed]), {});
    } catch (error) {
      return lambdaResult(refusal(error, asked), {});
    } finally {
      deadline.end();
    }
  };
}

import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';

/**
 * One line of JSON for each request: who called, which path (it has the model and version), how it ended, how long it
 * took, and a stream's first content. Neither bodies nor keys are in it: `apiKeyId` names a key, and is not its value.
 */
export const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    apiKeyId: '$context.identity.apiKeyId',
    principal: '$context.identity.userArn',
    method: '$context.httpMethod',
    path: '$context.path',
    status: '$context.status',
    latencyMs: '$context.responseLatency',
    integrationLatencyMs: '$context.integration.latency',
    firstContentMs: '$context.integration.timeToFirstContent',
    functionRequestId: '$context.integration.requestId',
    responseBytes: '$context.responseLength',
    error: '$context.error.message',
    // Of what API Gateway refused itself, or for its authorizer, such as ACCESS_DENIED; `-` where somebody else
    // answered.
    refusal: '$context.error.responseType',
    caller: '$context.authorizer.caller',
  }),
);

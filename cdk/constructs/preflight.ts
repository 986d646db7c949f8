import {
  AuthorizationType,
  ContentHandling,
  type IResource,
  MockIntegration,
  PassthroughBehavior,
} from 'aws-cdk-lib/aws-apigateway';

const allowedHeaders = [
  'accept-encoding',
  'authorization',
  'content-encoding',
  'content-type',
  'inference-header-content-length',
  'traceparent',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
  'x-api-key',
  'x-request-id',
  'x-request-timeout-ms',
  // What OpenAI's client says of itself, in a page too.
  ...[
    'arch',
    'helper-method',
    'lang',
    'os',
    'package-version',
    'retry-count',
    'runtime',
    'runtime-version',
    'timeout',
  ].map((name) => `x-stainless-${name}`),
];

/** Answers a browser's question whether pages of `origin` may call this path. */
export function addPreflight(resource: IResource, origin: string): void {
  const headers: Readonly<Record<string, string>> = {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET,HEAD,POST,DELETE',
    'Access-Control-Allow-Headers': allowedHeaders.join(','),
    'Access-Control-Max-Age': '600',
  };
  const named = Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]);
  const integration = new MockIntegration({
    // All media types of the API are binary, and a binary body does not go through a template.
    contentHandling: ContentHandling.CONVERT_TO_TEXT,
    passthroughBehavior: PassthroughBehavior.NEVER,
    requestTemplates: { 'application/json': '{"statusCode":204}' },
    integrationResponses: [{ statusCode: '204', responseParameters: Object.fromEntries(named) }],
  });
  resource.addMethod('OPTIONS', integration, {
    authorizationType: AuthorizationType.NONE,
    apiKeyRequired: false,
    methodResponses: [
      { statusCode: '204', responseParameters: Object.fromEntries(named.map(([name]) => [name, true])) },
    ],
  });
}

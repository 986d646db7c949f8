import type { APIGatewayProxyEvent, Context } from 'aws-lambda';

/** An event of API Gateway's REST proxy integration, for tests. */
export function lambdaEvent(
  method: string,
  path: string,
  body?: object | Uint8Array,
  headers: Record<string, string> = {},
  resource = path,
): APIGatewayProxyEvent {
  const isBytes = body instanceof Uint8Array;
  return {
    httpMethod: method,
    path,
    resource,
    headers,
    body: body === undefined ? null : isBytes ? Buffer.from(body).toString('base64') : JSON.stringify(body),
    isBase64Encoded: isBytes,
    requestContext: { requestId: 'request-1', identity: { apiKeyId: 'key-1' } },
  } as unknown as APIGatewayProxyEvent;
}

/** What Lambda tells of an invocation that may take `remainingMs` more. */
export function lambdaContext(remainingMs = 29_000): Context {
  const ends = performance.now() + remainingMs;
  return { awsRequestId: 'request-1', getRemainingTimeInMillis: () => ends - performance.now() } as unknown as Context;
}

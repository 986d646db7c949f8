import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { HttpRequest } from '../src/http/http-message.ts';

/**
 * A request as API Gateway's REST proxy integration hands it over; the body still encoded as its headers say.
 * Source: AWS, "Input format of a Lambda function for proxy integration".
 */
export function lambdaRequest(event: APIGatewayProxyEvent, gone: AbortSignal): HttpRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(event.headers ?? {})) headers[name.toLowerCase()] = value;
  return {
    method: event.httpMethod,
    path: pathOf(event),
    ...queryOf(event),
    headers,
    body: event.body === null ? noBytes : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8'),
    requestId: event.requestContext.requestId,
    gone: () => gone,
  };
}

/** API Gateway hands the parameters on decoded, each with its last value. */
function queryOf({ queryStringParameters: given }: APIGatewayProxyEvent): { query?: string } {
  if (!given) return {};
  const known = Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { query: new URLSearchParams(known).toString() };
}

const noBytes = new Uint8Array(0);

/** The path from the route on: a custom domain may put a prefix before it. */
function pathOf({ path, resource }: APIGatewayProxyEvent): string {
  const root = resource?.replace(/\/?\{.*$/, '') ?? '';
  return path.slice(Math.max(0, path.indexOf(root)));
}

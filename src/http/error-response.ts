import { ServiceError } from '../protocol/service-error.ts';
import type { HttpResponse } from './http-message.ts';
import { jsonResponse } from './json-response.ts';

/** The protocol's `{"error": …}` for whatever was thrown; what is no ServiceError is a fault of ours, and tells nothing but the request's id. */
export function errorResponse(error: unknown, requestId: string): HttpResponse {
  if (!(error instanceof ServiceError)) {
    return jsonResponse({ error: `the server failed; its log has the reason under request id ${requestId}` }, 500);
  }
  const headers: string[] = [];
  if (error.retryAfterSeconds !== undefined) headers.push('retry-after', String(error.retryAfterSeconds));
  if (error.allow) headers.push('allow', error.allow.join(', '));
  const suffix = error.status === 500 ? ` (request id ${requestId})` : '';
  return jsonResponse({ error: error.message + suffix }, error.status, headers);
}

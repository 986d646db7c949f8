import { ServiceError } from '../protocol/service-error.ts';
import { openAiErrorBody } from './batches/openai-error-body.ts';
import type { HttpResponse } from './http-message.ts';
import { jsonResponse } from './json-response.ts';

const inOpenAiShapes = /^\/v1(\/|$)/;

/**
 * The answer for whatever was thrown while `path` was asked: the protocol's `{"error": …}`, or under `/v1` OpenAI's
 * error object. What is no ServiceError is a fault of ours, and tells nothing but the request's id.
 */
export function errorResponse(error: unknown, requestId: string, path: string): HttpResponse {
  const { status, message, headers } = told(error, requestId);
  const { field, code } = error instanceof ServiceError ? error : {};
  const body = inOpenAiShapes.test(path) ? openAiErrorBody({ status, message, field, code }) : { error: message };
  return jsonResponse(body, status, headers);
}

function told(error: unknown, requestId: string): { status: number; message: string; headers: readonly string[] } {
  if (!(error instanceof ServiceError)) {
    const message = `the server failed; its log has the reason under request id ${requestId}`;
    return { status: 500, message, headers: [] };
  }
  const { status, retryAfterSeconds, allow } = error;
  const headers: string[] = [];
  if (retryAfterSeconds !== undefined) headers.push('retry-after', String(retryAfterSeconds));
  if (status === 401) headers.push('www-authenticate', 'Bearer');
  // OpenAI's clients would wait and ask again: elsewhere it means that somebody else holds a lock.
  if (status === 409) headers.push('x-should-retry', 'false');
  if (allow) headers.push('allow', allow.join(', '));
  const suffix = status === 500 ? ` (request id ${requestId})` : '';
  return { status, message: error.message + suffix, headers };
}

import type { HttpResponse } from './http-message.ts';

const encoder = new TextEncoder();

/** A response with `value` as JSON. */
export function jsonResponse(value: unknown, status = 200, headers: readonly string[] = []): HttpResponse {
  return {
    status,
    headers: ['content-type', 'application/json', ...headers],
    body: [encoder.encode(JSON.stringify(value))],
  };
}

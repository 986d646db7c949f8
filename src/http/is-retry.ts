import type { HttpRequest } from './http-message.ts';

/**
 * Whether a caller did not hear the answer of the same request: OpenAI's clients send no key of a request's own, but
 * say that they ask again.
 */
export function isRetry({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  return Number(headers['x-stainless-retry-count'] ?? 0) > 0;
}

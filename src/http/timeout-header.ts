import type { RequestTimeout } from '../core/request-deadline.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { HttpRequest } from './http-message.ts';

/** A request's header `x-request-timeout-ms`; undefined where it has none. Throws 400 for what is no time. */
export function timeoutHeader(headers: HttpRequest['headers']): RequestTimeout | undefined {
  const header = headers['x-request-timeout-ms'];
  if (header === undefined) return undefined;
  const ms = typeof header === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(header) ? Number(header) : 0;
  if (ms > 0) return { ms, source: 'header X-Request-Timeout-Ms' };
  throw new ServiceError(400, `header X-Request-Timeout-Ms: expected milliseconds, a number over 0, got '${header}'`);
}

import type { InferenceRequest } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { HttpRequest } from './http-message.ts';

/**
 * Milliseconds a request may take: the shorter of its `timeout` parameter (microseconds, as in Triton's schedule
 * extension; 0 is none) and its header `x-request-timeout-ms`. Throws 400 for what is no time.
 */
export function requestTimeoutMs({ headers }: HttpRequest, { parameters }: InferenceRequest): number {
  return Math.min(fromParameter(parameters.timeout), fromHeader(headers['x-request-timeout-ms']));
}

function fromParameter(timeout: string | number | boolean | undefined): number {
  if (timeout === undefined || timeout === 0) return Number.POSITIVE_INFINITY;
  if (typeof timeout === 'number' && timeout > 0) return timeout / 1000;
  throw new ServiceError(
    400,
    `parameter 'timeout': expected microseconds, a number of 0 or more, got ${JSON.stringify(timeout)}`,
  );
}

function fromHeader(header: string | string[] | undefined): number {
  if (header === undefined) return Number.POSITIVE_INFINITY;
  const timeoutMs = typeof header === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(header) ? Number(header) : 0;
  if (timeoutMs > 0) return timeoutMs;
  throw new ServiceError(400, `header X-Request-Timeout-Ms: expected milliseconds, a number over 0, got '${header}'`);
}

import type { Parameters } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { HttpRequest } from './http-message.ts';

/** How long a request may take, and where it says so. */
export interface RequestTimeout {
  readonly ms: number;
  readonly source: string;
}

/**
 * The shorter of a request's `timeout` parameter (microseconds, as in Triton's schedule extension; 0 is none) and its
 * header `x-request-timeout-ms`; undefined where it has neither. Throws 400 for what is no time.
 */
export function requestTimeout(headers: HttpRequest['headers'], parameters: Parameters): RequestTimeout | undefined {
  const parameter = fromParameter(parameters.timeout);
  const header = fromHeader(headers['x-request-timeout-ms']);
  if (parameter === undefined || header === undefined) return parameter ?? header;
  return parameter.ms < header.ms ? parameter : header;
}

function fromParameter(timeout: string | number | boolean | undefined): RequestTimeout | undefined {
  if (timeout === undefined || timeout === 0) return undefined;
  if (typeof timeout === 'number' && timeout > 0) return { ms: timeout / 1000, source: "parameter 'timeout'" };
  throw new ServiceError(
    400,
    `parameter 'timeout': expected microseconds, a number of 0 or more, got ${JSON.stringify(timeout)}`,
  );
}

function fromHeader(header: string | string[] | undefined): RequestTimeout | undefined {
  if (header === undefined) return undefined;
  const ms = typeof header === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(header) ? Number(header) : 0;
  if (ms > 0) return { ms, source: 'header X-Request-Timeout-Ms' };
  throw new ServiceError(400, `header X-Request-Timeout-Ms: expected milliseconds, a number over 0, got '${header}'`);
}

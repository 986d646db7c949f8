import { ServiceError } from '../protocol/service-error.ts';
import type { HttpRequest } from './http-message.ts';

/** A signal for the run of one request, and what lets its timer go. */
export interface RunSignal {
  signal(timeoutMs: number | undefined): AbortSignal;
  end(): void;
}

const longestTimeoutMs = 24 * 3600 * 1000;

/** Aborts when the caller goes, or when the deadline passes that the `timeout` parameter or the header `x-request-timeout-ms` sets. */
export function runSignal(request: HttpRequest): RunSignal {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    signal(fromParameter) {
      const timeoutMs = Math.min(fromParameter ?? Number.POSITIVE_INFINITY, headerTimeoutMs(request));
      const gone = request.gone();
      if (timeoutMs >= longestTimeoutMs) return gone;
      const deadline = new AbortController();
      timer = setTimeout(() => deadline.abort(), timeoutMs);
      return AbortSignal.any([gone, deadline.signal]);
    },
    end: () => clearTimeout(timer),
  };
}

function headerTimeoutMs(request: HttpRequest): number {
  const header = request.headers['x-request-timeout-ms'];
  if (header === undefined) return Number.POSITIVE_INFINITY;
  const timeoutMs = typeof header === 'string' && /^[0-9]+(\.[0-9]+)?$/.test(header) ? Number(header) : 0;
  if (timeoutMs > 0) return timeoutMs;
  throw new ServiceError(400, `header X-Request-Timeout-Ms: expected milliseconds, a number over 0, got '${header}'`);
}

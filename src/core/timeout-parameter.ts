import type { Parameters } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { RequestTimeout } from './request-deadline.ts';

/**
 * A request's `timeout` parameter: microseconds, as in Triton's schedule extension; 0 is none. Throws 400 for what is
 * no time.
 */
export function timeoutParameter({ timeout }: Parameters): RequestTimeout | undefined {
  if (timeout === undefined || timeout === 0) return undefined;
  if (typeof timeout === 'number' && timeout > 0) return { ms: timeout / 1000, source: "parameter 'timeout'" };
  throw new ServiceError(
    400,
    `parameter 'timeout': expected microseconds, a number of 0 or more, got ${JSON.stringify(timeout)}`,
  );
}

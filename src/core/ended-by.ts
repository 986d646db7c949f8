import { ServiceError } from '../protocol/service-error.ts';

/**
 * What to tell of a request that `signal` ended: its reason where that is for the caller, rather than what noticed it.
 */
export function endedBy(signal: AbortSignal, error: unknown): unknown {
  return signal.aborted && signal.reason instanceof ServiceError ? signal.reason : error;
}

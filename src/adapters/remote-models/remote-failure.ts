import { ServiceError } from '../../protocol/service-error.ts';

/**
 * What the caller of an ensemble is told of another server's refusal. That a key or model is not what it ought to be is
 * no fault of theirs.
 *
 * @param status as HTTP has it
 */
export function remoteFailure(server: string, status: number, message: string, cause?: unknown): ServiceError {
  const passed = status === 400 || status === 504 ? status : status === 503 || status === 429 ? 503 : 502;
  const retry = passed === 503 ? { retryAfterSeconds: 1 } : {};
  return new ServiceError(passed, `the server '${server}': ${message}`, { cause, ...retry });
}

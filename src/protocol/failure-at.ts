import { ServiceError } from './service-error.ts';

/**
 * A failure with the place in front of its message: which part of a request is at fault. What is no fault of the
 * request's stays as it is.
 */
export function failureAt(place: string, error: unknown): unknown {
  if (!(error instanceof ServiceError) || error.status >= 500) return error;
  const { status, message, field, code } = error;
  return new ServiceError(status, `${place}: ${message}`, {
    cause: error,
    ...(field !== undefined && { field }),
    ...(code !== undefined && { code }),
  });
}

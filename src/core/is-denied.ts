import { ServiceError } from '../protocol/service-error.ts';

/** By which status a policy denies: no good key, none with the right, over what it may use. */
const denying = [401, 403, 429];

/** Whether a call failed as its caller may not do what it asked for. */
export function isDenied(error: unknown): error is ServiceError {
  return error instanceof ServiceError && denying.includes(error.status);
}

import { ServiceError } from './service-error.ts';

/** What whoever still uses a session, or what belongs to one, is told once it was let go of. */
export function modelUnloaded(): ServiceError {
  return new ServiceError(503, 'the model was unloaded', { retryAfterSeconds: 1 });
}

import { ServiceError } from '../../protocol/service-error.ts';

/** That `what` cannot be read, for callers to see: the system's own message, which has the path, stays in the cause. */
export function unreadable(what: string, cause: unknown): ServiceError {
  return new ServiceError(503, `${what} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
}

import { ServiceError } from '../protocol/service-error.ts';

/** What a request is told that ended before its run began. */
export function cancelledWait(): ServiceError {
  return new ServiceError(504, 'the request was cancelled before it ran: its deadline passed, or its caller left');
}

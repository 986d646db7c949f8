import { ServiceError } from '../protocol/service-error.ts';

/** What a request is told whose signal ended it. */
export function cancelledRequest(): ServiceError {
  return new ServiceError(
    504,
    'the request was cancelled before it was answered: its deadline passed, or its caller left',
  );
}

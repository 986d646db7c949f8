import { ServiceError } from '../../protocol/service-error.ts';

/** The error of a run that its caller's signal ended. */
export function cancelledRun(signal: AbortSignal): ServiceError {
  const message = 'the request was cancelled while the model ran: its deadline passed, or its caller left';
  return new ServiceError(504, message, { cause: signal.reason });
}

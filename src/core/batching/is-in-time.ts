import type { WaitingRequest } from './waiting-request.ts';

/** Whether the deadline of a request has not passed yet; rejects it where it has. */
export function isInTime({ context, reject }: WaitingRequest): boolean {
  try {
    context.checkDeadline();
    return true;
  } catch (error) {
    reject(error);
    return false;
  }
}

import { cancelledRequest } from './cancelled-request.ts';
import { endedBy } from './ended-by.ts';
import type { InferenceContext } from './inference-context.ts';

/**
 * Throws 504 where the deadline of a request has passed, and what its signal says where its caller has left: short runs
 * do not look.
 */
export function checkAsked(context: InferenceContext): void {
  context.checkDeadline();
  const signal = context.signal();
  if (signal.aborted) throw endedBy(signal, cancelledRequest());
}

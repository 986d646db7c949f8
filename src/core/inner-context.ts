import type { InferenceContext } from './inference-context.ts';
import { noTimes } from './no-times.ts';

/**
 * Of a run that a request needs, and whose outputs its caller does not get: it has times of its own, and ends with the
 * request.
 */
export function innerContext(
  context: InferenceContext,
  more: Pick<InferenceContext, 'isMadeUp'> = {},
): InferenceContext {
  return {
    ...more,
    times: noTimes(),
    checkDeadline: () => context.checkDeadline(),
    signal: () => context.signal(),
    checkOutput: () => undefined,
  };
}

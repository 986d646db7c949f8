import type { InferenceContext } from '../inference-context.ts';
import { noTimes } from '../no-times.ts';

/** Of a run that no caller waits for, and which ends where `signal` aborts. */
export function backgroundContext(signal: AbortSignal): InferenceContext {
  return {
    times: noTimes(),
    checkDeadline: () => undefined,
    signal: () => signal,
    checkOutput: () => undefined,
  };
}

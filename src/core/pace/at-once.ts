import type { Steps } from './steps.ts';

/** Does work of which little is to be done, without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

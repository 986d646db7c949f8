import { setTimeout as sleep } from 'node:timers/promises';
import { cancelledRequest } from '../../core/cancelled-request.ts';
import { withRetries } from '../../core/with-retries.ts';

/** Of tries that fail, before the next one. */
const pausesMs = [50, 200, 800];

/**
 * What `work` gives; asked again, three times, where it rejects with what may pass. Rejects with 504 where `signal`
 * aborts.
 */
export function askAgain<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const ask = async () => {
    if (signal.aborted) throw cancelledRequest();
    try {
      return await work();
    } catch (error) {
      throw signal.aborted ? cancelledRequest() : error;
    }
  };
  return withRetries(ask, {
    most: pausesMs.length,
    mayPass: ({ status }) => status === 503 || status === 429,
    // Those that failed together do not come again together.
    pause: async (failures) =>
      sleep((pausesMs[failures - 1] as number) * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined),
  });
}

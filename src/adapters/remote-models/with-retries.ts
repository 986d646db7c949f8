import { setTimeout as sleep } from 'node:timers/promises';
import { cancelledRequest } from '../../core/cancelled-request.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** Of tries that fail, before the next one. */
const pausesMs = [50, 200, 800];

/** What `work` gives; asked again, three times, where it rejects with what may pass. Rejects with 504 where `signal` aborts. */
export async function withRetries<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    if (signal.aborted) throw cancelledRequest();
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw cancelledRequest();
      const pauseMs = pausesMs[tries];
      const mayPass = error instanceof ServiceError && (error.status === 503 || error.status === 429);
      if (!mayPass || pauseMs === undefined) throw error;
      // Those that failed together do not come again together.
      await sleep(pauseMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
    }
  }
}

import { ServiceError } from '../../protocol/service-error.ts';

/** Waits before another try, longer after each failure, and not as long as others that failed at the same time. Rejects with `error`, the last failure, where another try would fail too. */
export type PauseBeforeRetry = (failures: number, error: ServiceError) => Promise<void>;

// As often as Step Functions does it on AWS.
const retries = 6;

/** Does `work`, again where it failed for a reason that may pass: a model or a store that cannot be had now (503). Rejects with the last failure. */
export async function withRetries<T>(work: () => Promise<T>, pause: PauseBeforeRetry): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status !== 503 || failures > retries) throw error;
      await pause(failures, error);
    }
  }
}

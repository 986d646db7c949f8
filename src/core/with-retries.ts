import { ServiceError } from '../protocol/service-error.ts';

/**
 * Waits before another try, longer after each failure, and not as long as others that failed at the same time. Rejects
 * with `error`, the last failure, where another try would fail too.
 */
export type PauseBeforeRetry = (failures: number, error: ServiceError) => Promise<void>;

export interface Retries {
  /** Tries after the first. */
  readonly most: number;
  readonly mayPass: (error: ServiceError) => boolean;
  readonly pause: PauseBeforeRetry;
}

/** Does `work`, again where it failed for a reason that may pass. Rejects with the last failure. */
export async function withRetries<T>(work: () => Promise<T>, { most, mayPass, pause }: Retries): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ServiceError) || !mayPass(error) || failures > most) throw error;
      await pause(failures, error);
    }
  }
}

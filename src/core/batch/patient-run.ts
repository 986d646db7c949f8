import { ServiceError } from '../../protocol/service-error.ts';
import type { RunModel } from './run-records.ts';
import type { PauseBeforeRetry } from './with-retries.ts';

const retries = 3;

/**
 * Runs a model, and a record that runs alone again where it failed for a reason that may pass: for want of memory, which
 * other runs had. Records that run together are not tried again: each half of them is, by itself.
 */
export function patientRun(run: RunModel, pause: PauseBeforeRetry): RunModel {
  return async (inputs) => {
    const isAlone = inputs.every(({ shape }) => (shape[0] ?? 1) <= 1);
    for (let failures = 1; ; failures += 1) {
      try {
        return await run(inputs);
      } catch (error) {
        // One whose model cannot be had (503) is not the record's, and goes up: all of its shard is tried again.
        const mayPass = error instanceof ServiceError && error.status === 500 && error.retryAfterSeconds !== undefined;
        if (!mayPass || !isAlone || failures > retries) throw error;
        await pause(failures, error);
      }
    }
  };
}

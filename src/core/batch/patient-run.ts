import { type PauseBeforeRetry, withRetries } from '../with-retries.ts';
import type { RunModel } from './run-records.ts';

const most = 3;

/**
 * Runs a model, and a record that runs alone again where it failed for a reason that may pass: for want of memory,
 * which other runs had. Records that run together are not tried again: each half of them is, by itself.
 */
export function patientRun(run: RunModel, pause: PauseBeforeRetry): RunModel {
  return (inputs) => {
    const isAlone = inputs.every(({ shape }) => (shape[0] ?? 1) <= 1);
    return withRetries(() => run(inputs), {
      most,
      // One whose model cannot be had (503) is not the record's, and goes up: all of its shard is tried again.
      mayPass: ({ status, retryAfterSeconds }) => isAlone && status === 500 && retryAfterSeconds !== undefined,
      pause,
    });
  };
}

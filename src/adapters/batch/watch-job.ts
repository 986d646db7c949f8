import { isJobOver } from '../../core/batch-jobs/is-job-over.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';

// How long work goes on after its job was cancelled.
const lookMs = 2000;

/** Calls `abort` once a job is over, until the function that comes back is called; `output` has the job's files. */
export function watchJob(output: ObjectStore, abort: (reason: Error) => void): () => void {
  const look = async () => {
    if (await isJobOver(output)) abort(new ServiceError(504, 'the job is over'));
  };
  // Of a store that does not answer the work itself will tell.
  const timer = setInterval(() => void look().catch(() => undefined), lookMs);
  return () => clearInterval(timer);
}

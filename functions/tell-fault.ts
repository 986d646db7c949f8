import { writeJson } from '../src/core/batch/write-json.ts';
import { faultFile, type JobFault } from '../src/core/batch-jobs/job-fault.ts';
import type { ObjectStore } from '../src/ports/object-store.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { logger } from './logger.ts';

/** Keeps why a step was not done for the job's report, where that is for callers to read; the log has any other. */
export async function tellFault(output: ObjectStore, step: 'plan' | number, error: unknown): Promise<void> {
  logger.error('a step was not done', { step, error: error as Error });
  if (!(error instanceof ServiceError)) return;
  const fault: JobFault = { reason: error.message };
  // What is thrown after this says more than that it could not be kept.
  await writeJson(output, faultFile(step), fault).catch(() => undefined);
}

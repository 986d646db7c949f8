import type { StoredEvent } from '../src/adapters/batch/identify-job.ts';
import { identifyModelJob } from '../src/adapters/model-jobs/identify-model-job.ts';
import { openS3ObjectStore } from '../src/adapters/s3-object-store/open-s3-object-store.ts';
import { endModelJob } from '../src/core/model-jobs/end-model-job.ts';
import { findModelJob } from '../src/core/model-jobs/find-model-job.ts';
import type { JobReport } from '../src/core/model-jobs/job-report.ts';
import type { ModelJob } from '../src/core/model-jobs/model-job.ts';
import { runFiles } from '../src/core/model-jobs/run-files.ts';
import { logger } from './logger.ts';
import { needed } from './needed.ts';

/** The state machine's own state: what began it. */
export interface JobFinishEvent {
  readonly detail: StoredEvent;
}

/** How a job ended, as its event announces it. */
export interface JobFinishOutcome {
  readonly detailType: string;
  readonly detail: Omit<JobReport, 'result'> &
    Pick<ModelJob, 'kind' | 'model' | 'source'> & { readonly job: string; readonly bucket: string };
  /** Whether it ended by itself; what did not is for whoever runs the service to look into. */
  readonly isDone: boolean;
}

const names = {
  completed: 'Model Job Completed',
  refused: 'Model Job Refused',
  failed: 'Model Job Failed',
  cancelled: 'Model Job Cancelled',
};

const data = openS3ObjectStore(needed('TENSORGATE_DATA'));

/** Tells how a job ended; one that has no report by now has failed, as whatever did it was ended. */
export async function handler({ detail }: JobFinishEvent): Promise<JobFinishOutcome> {
  const identified = await identifyModelJob(data, detail);
  if (!identified) throw new Error('what asked for the job is gone, and no job began with it');
  const { id } = identified.job;
  // What it names may be gone by now.
  const job = (await findModelJob(data, id)) ?? identified.job;
  const reason =
    'what did it was ended: it may need more memory, or more time; the execution of its state machine and the log have the reason';
  const ending = { status: 'failed' as const, reason, isFault: true as const, versions: [] };
  const { result, ...told } = await endModelJob(runFiles(data, id), job, ending, new Date());
  const { kind, model, source } = job;
  logger.info('the job ended', { job: id, kind, model, status: told.status, reason: told.reason });
  return {
    detailType: names[told.status],
    detail: { ...told, job: id, kind, model, ...(source !== undefined && { source }), bucket: detail.bucket.name },
    isDone: !told.isFault,
  };
}

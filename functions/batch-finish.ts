import { identifyJob, type StoredEvent } from '../src/adapters/batch/identify-job.ts';
import type { BatchReport } from '../src/core/batch/batch-report.ts';
import { reportFile } from '../src/core/batch/finish-job.ts';
import type { BatchJob } from '../src/core/batch-jobs/batch-job.ts';
import { endJob } from '../src/core/batch-jobs/end-job.ts';
import { JobFiles } from '../src/core/batch-jobs/job-files.ts';
import { openBatchData } from './batch-data.ts';
import { logger } from './logger.ts';

/** The state machine's own state: what began it, and what its steps gave. */
export interface FinishEvent {
  readonly detail: StoredEvent;
  /** Absent where planning failed. */
  readonly plan?: { readonly job: BatchJob };
}

/** How a job ended, as its event announces it. */
export interface FinishOutcome {
  readonly detailType: string;
  readonly detail: Omit<BatchReport, 'parts' | 'errors'> & { readonly bucket: string; readonly report: string };
  /** Whether all was done that was asked for; what was not is for whoever runs the service to look into. */
  readonly isDone: boolean;
}

const names = { completed: 'Batch Job Completed', failed: 'Batch Job Failed', cancelled: 'Batch Job Cancelled' };

const { store, prefixes } = openBatchData(process.env);

/** Writes a job's report, however far it came. */
export async function handler({ detail, plan }: FinishEvent): Promise<FinishOutcome> {
  const job = plan?.job ?? (await identifyJob(store, detail, prefixes));
  if (!job) throw new Error('the upload is gone, and no job began with it');
  const output = new JobFiles(store, job);
  const report = await endJob(output, job, new Date());
  const { parts, errors, ...told } = report;
  const { status, records, answered, failed, reason } = report;
  logger.info('the job ended', { job: job.id, key: job.input.key, status, records, answered, failed, reason });
  return {
    detailType: names[status],
    detail: { ...told, bucket: detail.bucket.name, report: output.keyOf(reportFile) },
    isDone: !report.isFault,
  };
}

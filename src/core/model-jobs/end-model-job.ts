import type { ObjectStore } from '../../ports/object-store.ts';
import { reportFile } from '../batch/finish-job.ts';
import { readJson } from '../batch/read-json.ts';
import { settleJson } from '../batch/settle-json.ts';
import { cancelFile } from '../batch-jobs/cancel-file.ts';
import type { JobEnding, JobReport } from './job-report.ts';
import type { ModelJob } from './model-job.ts';
import { type JobStart, startedFile } from './run-files.ts';

/**
 * Ends a job with its report, or by what its report says already; one that was asked to stop, and failed, is cancelled.
 * `output` has its files.
 */
export async function endModelJob(
  output: ObjectStore,
  { createdAt }: Pick<ModelJob, 'createdAt'>,
  ending: JobEnding,
  at: Date,
): Promise<JobReport> {
  const start = await readJson<JobStart>(output, startedFile);
  const startedAt = start?.at ?? new Date(createdAt * 1000).toISOString();
  const isCancelled = ending.status === 'failed' && (await output.find(cancelFile)) !== undefined;
  const report: JobReport = {
    ...(isCancelled ? cancelled : ending),
    startedAt,
    finishedAt: at.toISOString(),
    seconds: (at.getTime() - Date.parse(startedAt)) / 1000,
  };
  return settleJson(output, reportFile, report);
}

const cancelled: JobEnding = { status: 'cancelled', reason: 'the job was cancelled', versions: [] };

import type { ObjectStore } from '../../ports/object-store.ts';
import type { BatchReport } from '../batch/batch-report.ts';
import { type Ending, reportFile } from '../batch/finish-job.ts';
import { settleJson } from '../batch/settle-json.ts';
import type { BatchJob } from './batch-job.ts';

/** Ends a job that was never planned, with the reason in its report, or what its report says already. */
export async function refuseJob(
  output: ObjectStore,
  { id, input, createdAt }: Pick<BatchJob, 'id' | 'input' | 'createdAt'>,
  ending: Ending,
  at: Date,
): Promise<BatchReport> {
  const report: BatchReport = {
    job: id,
    ...ending,
    input,
    records: 0,
    answered: 0,
    failed: 0,
    parts: [],
    startedAt: new Date(createdAt * 1000).toISOString(),
    finishedAt: at.toISOString(),
    seconds: at.getTime() / 1000 - createdAt,
    workSeconds: 0,
  };
  return settleJson(output, reportFile, report);
}

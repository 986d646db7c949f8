import { findJobFiles } from '../src/adapters/batch/find-job-files.ts';
import { jobState } from '../src/core/batch-jobs/job-state.ts';
import type { JobStatus } from './job-status.ts';

/** How far the job at a folder or a URI is, by its files. Rejects with an Error where there is none. */
export async function statusOfFiles(uri: string): Promise<JobStatus> {
  const { output, results, job } = await findJobFiles(uri);
  const { status, records, answered, failed, plan, report } = await jobState(output);
  const { model, version, startedAt } = report ?? plan ?? {};
  const { reason, finishedAt } = report ?? {};
  return {
    job: job?.id ?? (report ?? plan)?.job ?? '',
    status,
    ...(model !== undefined && { model }),
    ...(version !== undefined && { version }),
    records,
    answered,
    failed,
    ...(reason !== undefined && { reason }),
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    results,
  };
}

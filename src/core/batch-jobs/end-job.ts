import type { ObjectStore } from '../../ports/object-store.ts';
import type { BatchReport } from '../batch/batch-report.ts';
import { finishJob, reportFile } from '../batch/finish-job.ts';
import { planFile } from '../batch/plan-job.ts';
import type { PlannedJob } from '../batch/planned-job.ts';
import { readJson } from '../batch/read-json.ts';
import type { ShardReport } from '../batch/shard-report.ts';
import { shardReports } from '../batch/shard-reports.ts';
import type { BatchJob } from './batch-job.ts';
import { cancelFile } from './cancel-file.ts';
import { faultFile, type JobFault } from './job-fault.ts';
import { joinParts } from './join-parts.ts';
import { refuseJob } from './refuse-job.ts';

/** A job's report, and whether all of it was done that was asked for: a job that was refused or cancelled is done with. */
export interface EndedJob {
  readonly report: BatchReport;
  readonly isDone: boolean;
}

/** Ends a job with its report, however far it came, also where planning it failed; `output` has its files. */
export async function endJob(output: ObjectStore, job: BatchJob): Promise<EndedJob> {
  const before = await readJson<BatchReport>(output, reportFile);
  if (before) return { report: before, isDone: true };
  const isCancelled = (await output.find(cancelFile)) !== undefined;
  const cancelled = { status: 'cancelled', reason: 'the job was cancelled' } as const;
  const plan = await readJson<PlannedJob>(output, planFile);
  if (!plan) {
    const fault = await readJson<JobFault>(output, faultFile('plan'));
    const reason =
      fault?.reason ?? 'the job could not be planned; its execution and the log of its functions have the reason';
    const report = await refuseJob(output, job, isCancelled ? cancelled : { status: 'failed', reason });
    return { report, isDone: isCancelled };
  }
  const reports = await shardReports(output);
  if (job.requests) await joinParts(output, reports);
  const undone = isCancelled ? undefined : await whyUndone(output, plan, reports);
  const failed = undone === undefined ? undefined : ({ status: 'failed', reason: undone } as const);
  return { report: await finishJob(output, plan, isCancelled ? cancelled : failed), isDone: undone === undefined };
}

async function whyUndone(
  output: ObjectStore,
  plan: PlannedJob,
  reports: readonly ShardReport[],
): Promise<string | undefined> {
  const done = new Set(reports.map(({ index }) => index));
  const missing = plan.shards.filter(({ index }) => !done.has(index));
  const [first] = missing;
  if (!first) return undefined;
  const fault = await readJson<JobFault>(output, faultFile(first.index));
  const reason = fault?.reason ?? 'its function ended without a word: it may need more memory, or more time';
  return `${missing.length} of ${plan.shards.length} shards were not done; shard ${first.index}: ${reason}`;
}

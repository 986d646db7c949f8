import type { ObjectStore } from '../../ports/object-store.ts';
import type { BatchReport } from '../batch/batch-report.ts';
import { endedReport } from '../batch/ended-report.ts';
import { failedRecords } from '../batch/failed-records.ts';
import { type Ending, finishJob } from '../batch/finish-job.ts';
import type { PlannedJob } from '../batch/planned-job.ts';
import { readJson } from '../batch/read-json.ts';
import type { ShardReport } from '../batch/shard-report.ts';
import { shardReports } from '../batch/shard-reports.ts';
import { planFile } from '../batch/work-files.ts';
import type { BatchJob } from './batch-job.ts';
import { cancelFile } from './cancel-file.ts';
import { faultFile, type JobFault } from './job-fault.ts';
import { joinParts } from './join-parts.ts';
import { refuseJob } from './refuse-job.ts';

const cancelled: Ending = { status: 'cancelled', reason: 'the job was cancelled' };

/** Ends a job with its report, however far it came, also where planning it failed; `output` has its files. */
export async function endJob(output: ObjectStore, job: BatchJob, at: Date): Promise<BatchReport> {
  const before = await endedReport(output);
  if (before) return before;
  const isCancelled = (await output.find(cancelFile)) !== undefined;
  const plan = await readJson<PlannedJob>(output, planFile);
  if (!plan) return refuseJob(output, job, isCancelled ? cancelled : await whyUnplanned(output), at);
  const reports = await shardReports(output);
  if (job.requests) await joinParts(output, reports);
  const ending = isCancelled ? cancelled : await whyUndone(output, plan, reports);
  return finishJob(output, { plan, reports, at, ending });
}

async function whyUnplanned(output: ObjectStore): Promise<Ending> {
  const fault = await readJson<JobFault>(output, faultFile('plan'));
  const reason =
    fault?.reason ?? 'the job could not be planned; its execution and the log of its functions have the reason';
  return { status: 'failed', reason, isFault: true };
}

async function whyUndone(
  output: ObjectStore,
  plan: PlannedJob,
  reports: readonly ShardReport[],
): Promise<Ending | undefined> {
  // It was stopped for that, and shards that were not begun are nobody's fault.
  if (failedRecords(reports) > plan.settings.maxFailedRecords) return undefined;
  const done = new Set(reports.map(({ index }) => index));
  const missing = plan.shards.filter(({ index }) => !done.has(index));
  const [first] = missing;
  if (!first) return undefined;
  const fault = await readJson<JobFault>(output, faultFile(first.index));
  const reason = fault?.reason ?? 'its function ended without a word: it may need more memory, or more time';
  return {
    status: 'failed',
    reason: `${missing.length} of ${plan.shards.length} shards were not done; shard ${first.index}: ${reason}`,
    isFault: true,
  };
}

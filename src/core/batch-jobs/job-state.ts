import type { ObjectStore } from '../../ports/object-store.ts';
import type { BatchReport } from '../batch/batch-report.ts';
import { failedRecords } from '../batch/failed-records.ts';
import { reportFile } from '../batch/finish-job.ts';
import type { PlannedJob } from '../batch/planned-job.ts';
import { readJson } from '../batch/read-json.ts';
import { shardReports } from '../batch/shard-reports.ts';
import { planFile } from '../batch/work-files.ts';
import { cancelFile } from './cancel-file.ts';

/** How far a job came. */
export interface JobState {
  readonly status: 'validating' | 'in_progress' | 'finalizing' | 'completed' | 'failed' | 'cancelling' | 'cancelled';
  readonly records: number;
  readonly answered: number;
  readonly failed: number;
  /** Absent before it was planned, and once it is over. */
  readonly plan?: PlannedJob;
  /** What it ended with. */
  readonly report?: BatchReport;
}

/** Tells how far a job came by the files that it has; `output` has them. */
export async function jobState(output: ObjectStore): Promise<JobState> {
  const report = await readJson<BatchReport>(output, reportFile);
  if (report) {
    const { status, records, answered, failed } = report;
    return { status, records, answered, failed, report };
  }
  const [isCancelled, plan, done] = await Promise.all([
    output.find(cancelFile),
    readJson<PlannedJob>(output, planFile),
    shardReports(output),
  ]);
  const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);
  const isDone = plan !== undefined && done.length === plan.shards.length;
  const stage = plan === undefined ? 'validating' : isDone ? 'finalizing' : 'in_progress';
  return {
    status: isCancelled ? 'cancelling' : stage,
    records: sum(plan?.shards.map(({ records }) => records) ?? []),
    answered: sum(done.map(({ part }) => part.records)),
    failed: failedRecords(done),
    ...(plan && { plan }),
  };
}

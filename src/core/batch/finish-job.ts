import type { ObjectStore } from '../../ports/object-store.ts';
import type { BatchReport } from './batch-report.ts';
import type { PlannedJob } from './planned-job.ts';
import { removeWork } from './remove-work.ts';
import { settleJson } from './settle-json.ts';
import type { ShardReport } from './shard-report.ts';

/** Lines of the records that have no answer. */
export const errorsFile = 'errors.jsonl';
export const reportFile = 'report.json';

/** How a job ended, where it was not by itself. */
export type Ending = Pick<BatchReport, 'status' | 'reason' | 'isFault'>;

/** Merges what the shards left into `errors.jsonl` and `report.json`, which comes last; however often it is repeated, once. Then the work files go. */
export async function finishJob(
  output: ObjectStore,
  plan: PlannedJob,
  reports: readonly ShardReport[],
  ending?: Ending,
): Promise<BatchReport> {
  const failed = reports.reduce((sum, { errors }) => sum + (errors?.records ?? 0), 0);
  const created = failed > 0 ? await output.create(errorsFile, mergedErrors(output, reports)) : undefined;
  const missing = plan.shards.length - reports.length;
  const end = ending ?? endingOf(missing, failed, plan.settings.maxFailedRecords);
  const report: BatchReport = {
    job: plan.job,
    ...end,
    ...(plan.model !== undefined && { model: plan.model }),
    ...(plan.version !== undefined && { version: plan.version }),
    input: plan.file,
    records: plan.shards.reduce((sum, { records }) => sum + records, 0),
    answered: reports.reduce((sum, { part }) => sum + part.records, 0),
    failed,
    parts: reports.map(({ part }) => part),
    ...(created && { errors: { file: errorsFile, records: failed, bytes: created.bytes, checksum: created.checksum } }),
    workSeconds: reports.reduce((sum, { seconds }) => sum + seconds, 0),
  };
  const settled = await settleJson(output, reportFile, report);
  await removeWork(output);
  return settled;
}

function endingOf(missing: number, failed: number, maxFailed: number): Ending {
  if (missing > 0) return { status: 'failed', reason: `${missing} shards were not done` };
  if (failed <= maxFailed) return { status: 'completed' };
  return {
    status: 'failed',
    reason: `${failed} records have no answer, more than the ${maxFailed} that are tolerated`,
  };
}

async function* mergedErrors(output: ObjectStore, reports: readonly ShardReport[]): AsyncIterable<Uint8Array> {
  for (const { errors } of reports) {
    const file = errors && (await output.find(errors.file));
    if (file) yield* output.read(file);
  }
}

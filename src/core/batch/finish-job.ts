import type { ObjectStore } from '../../ports/object-store.ts';
import type { BatchReport } from './batch-report.ts';
import { costEstimate } from './cost-estimate.ts';
import { failedRecords } from './failed-records.ts';
import type { PlannedJob } from './planned-job.ts';
import { removeWork } from './remove-work.ts';
import { settleJson } from './settle-json.ts';
import type { ResultFile, ShardReport } from './shard-report.ts';

/** Lines of the records that have no answer. */
export const errorsFile = 'errors.jsonl';
export const reportFile = 'report.json';

/** How a job ended, where it was not by itself. */
export type Ending = Pick<BatchReport, 'status' | 'reason' | 'isFault'>;

export interface JobEnd {
  readonly plan: PlannedJob;
  /** Of the shards that were done, in order. */
  readonly reports: readonly ShardReport[];
  readonly at: Date;
  /** How it ended, where that is not for the reports to say. */
  readonly ending?: Ending | undefined;
}

/**
 * Merges what the shards left into `errors.jsonl` and `report.json`, which comes last; however often it is repeated,
 * once. Then the work files go.
 */
export async function finishJob(output: ObjectStore, end: JobEnd): Promise<BatchReport> {
  const failed = failedRecords(end.reports);
  const created = failed > 0 ? await output.create(errorsFile, mergedErrors(output, end.reports)) : undefined;
  const errors = created && { file: errorsFile, records: failed, bytes: created.bytes, checksum: created.checksum };
  const settled = await settleJson(output, reportFile, reportOf(end, failed, errors));
  await removeWork(output);
  return settled;
}

function reportOf({ plan, reports, at, ending }: JobEnd, failed: number, errors: ResultFile | undefined): BatchReport {
  const { job, model, version, digest, file, startedAt, shards, lambda } = plan;
  const uses = [lambda, ...reports.map((report) => report.lambda)].filter((use) => use !== undefined);
  const cost = costEstimate(uses);
  const records = shards.reduce((sum, each) => sum + each.records, 0);
  const answered = reports.reduce((sum, { part }) => sum + part.records, 0);
  return {
    job,
    ...(ending ?? endingOf(plan, reports.length, { records, answered, failed })),
    ...(model !== undefined && { model }),
    ...(version !== undefined && { version }),
    ...(digest !== undefined && { digest }),
    input: file,
    records,
    answered,
    failed,
    parts: reports.map(({ part }) => part),
    ...(errors && { errors }),
    startedAt,
    finishedAt: at.toISOString(),
    seconds: (at.getTime() - Date.parse(startedAt)) / 1000,
    workSeconds: reports.reduce((sum, { seconds }) => sum + seconds, 0),
    ...(cost && { cost }),
  };
}

function endingOf(
  { shards, settings: { maxFailedRecords } }: PlannedJob,
  done: number,
  { records, answered, failed }: Pick<BatchReport, 'records' | 'answered' | 'failed'>,
): Ending {
  if (failed > maxFailedRecords) {
    const reason = `${failed} records have no answer, more than the ${maxFailedRecords} that are tolerated`;
    const left = records - answered - failed;
    return { status: 'failed', reason: left === 0 ? reason : `${reason}; ${left} of ${records} were not done` };
  }
  const undone = shards.length - done;
  if (undone === 0) return { status: 'completed' };
  return { status: 'failed', reason: `${undone} of ${shards.length} shards were not done` };
}

async function* mergedErrors(output: ObjectStore, reports: readonly ShardReport[]): AsyncIterable<Uint8Array> {
  for (const { errors } of reports) {
    const file = errors && (await output.find(errors.file));
    if (file) yield* output.read(file);
  }
}

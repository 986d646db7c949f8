import type { Clock } from '../../ports/clock.ts';
import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import type { DecodedRecord } from '../../protocol/decoded-record.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { versionLabel } from '../version-label.ts';
import type { BatchPlan } from './batch-plan.ts';
import type { BatchReport } from './batch-report.ts';
import { chooseRows } from './choose-rows.ts';
import { reportFile } from './finish-job.ts';
import type { WindowOptions } from './infer-window.ts';
import { isRefusal } from './is-refusal.ts';
import type { LambdaUse } from './lambda-use.ts';
import { readJson } from './read-json.ts';
import { runRecords } from './run-records.ts';
import { settleJson } from './settle-json.ts';
import { planFile } from './work-files.ts';

export interface PlanWork extends Omit<BatchPlan, 'rows' | 'shards' | 'lambda'> {
  readonly input: ObjectStore;
  readonly output: ObjectStore;
  readonly records: RecordFormat;
  readonly fields: RecordFields;
  readonly shardBytes: number;
  readonly engine: Omit<WindowOptions, 'part' | 'rows'>;
  /** Whether records may share a run: a model whose answers depend on what shares it takes one at a time. */
  readonly canShareRuns: boolean;
  readonly clock: Clock;
  /** Tells what the invocation that plans has taken; absent where there is none. */
  readonly lambda?: () => LambdaUse;
}

const sampleRecords = 64;
const mostRows = 64;
// A shard is lost whole where whoever does it is cut off, and counts once it is done. Texts may take thirty times as long
// as the sample: a function, which has 15 minutes, does it then still.
const shardSeconds = 30;

/**
 * Settles a job before its first shard: where its shards are, and how many records a run takes. One that was settled
 * before stays so, and one that is done has no shards left.
 *
 * Rejects with ServiceError 400 for what cannot work: no records, or a sample of which the model takes not one; with
 * 409 where the folder of results has another job's.
 */
export async function planJob(work: PlanWork): Promise<BatchPlan> {
  const { job, model, version, digest, file, format, settings, startedAt, lambda } = work;
  const settled = { job, model, version, digest, file, format, settings, startedAt };
  const done = await readJson<BatchReport>(work.output, reportFile);
  if (done && !isRefusal(done)) {
    const { model: itsModel = model, version: itsVersion = version, input } = done;
    const its = { job: done.job, model: itsModel, version: itsVersion, file: input };
    return sameJob({ ...settled, ...its, rows: 1, shards: [] }, job);
  }
  const before = await readJson<BatchPlan>(work.output, planFile);
  if (before) return sameJob(before, job);
  const shards = await work.records.plan(work.input, file, work.shardBytes, work.fields);
  const [first] = shards;
  if (!first) throw new ServiceError(400, `'${file.key}' has no records`);
  const sample = await findSample(work, file, first);
  const { rows, recordsPerSecond } = await chooseRows(
    sample,
    work.engine,
    work.clock,
    work.canShareRuns ? mostRows : 1,
  );
  const smaller = smallerShardBytes(shards, file, work.shardBytes, recordsPerSecond * shardSeconds);
  const fitting = smaller === undefined ? shards : await work.records.plan(work.input, file, smaller, work.fields);
  const plan: BatchPlan = { ...settled, rows, shards: fitting, ...(lambda && { lambda: lambda() }) };
  return sameJob(await settleJson(work.output, planFile, plan), job);
}

/**
 * Bytes of shards that have at most so many records where those of `shardBytes` have more; undefined where they do not.
 */
function smallerShardBytes(
  shards: readonly Shard[],
  file: StoredFile,
  shardBytes: number,
  mostRecords: number,
): number | undefined {
  const largest = shards.reduce((one, other) => (other.records > one.records ? other : one));
  // One without an answer has no speed to go by.
  if (mostRecords <= 0 || largest.records <= mostRecords) return undefined;
  const bytes = Math.min(shardBytes, Math.max(file.bytes, largest.end - largest.start));
  return Math.max(1, Math.floor((bytes * mostRecords) / largest.records));
}

function sameJob(plan: BatchPlan, job: string): BatchPlan {
  if (plan.job === job) return plan;
  throw new ServiceError(
    409,
    `the folder of results has those of another job, of ${versionLabel(plan.model, plan.version)} over '${plan.file.key}' as they were then, or with other options: give another folder, or remove it`,
  );
}

/**
 * The first record that the model takes. Rejects with 400 where it takes none of the first ones, with the first one's
 * reason.
 */
async function findSample(
  { input, records, fields, engine }: PlanWork,
  file: StoredFile,
  shard: Shard,
): Promise<DecodedRecord> {
  let seen = 0;
  let refusal: { readonly record: InputRecord; readonly reason: string } | undefined;
  for await (const some of records.read(input, file, shard, fields)) {
    for (const record of some.slice(0, sampleRecords - seen)) {
      seen += 1;
      const found = await tryRecord(record, engine);
      if (!(found instanceof ServiceError)) return found;
      refusal ??= { record, reason: found.message };
    }
    if (seen >= sampleRecords) break;
  }
  throw new ServiceError(
    400,
    `the model takes none of the first ${seen} records; record ${refusal?.record.number}: ${refusal?.reason}`,
  );
}

async function tryRecord(
  record: InputRecord,
  { specs, run }: PlanWork['engine'],
): Promise<DecodedRecord | ServiceError> {
  try {
    const decoded = record.decode();
    const [outcome] = await runRecords(specs, [decoded], run);
    return outcome && 'error' in outcome ? outcome.error : decoded;
  } catch (error) {
    if (error instanceof ServiceError && error.status < 500) return error;
    throw error;
  }
}

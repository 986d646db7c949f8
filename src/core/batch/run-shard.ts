import type { Clock } from '../../ports/clock.ts';
import type { FileContent, ObjectStore } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { reportFile } from './finish-job.ts';
import type { WindowOutcome } from './infer-window.ts';
import { joined } from './joined.ts';
import type { LambdaUse } from './lambda-use.ts';
import type { PlannedJob } from './planned-job.ts';
import type { ResultFile, ShardReport } from './shard-report.ts';
import { stopIfTooManyFailed } from './stop-if-too-many-failed.ts';
import { windows } from './windows.ts';
import { type ShardFileNames, shardFileNames } from './work-files.ts';
import { writeJson } from './write-json.ts';

export interface ShardFiles {
  readonly plan: PlannedJob;
  /** Where the records are. */
  readonly input: ObjectStore;
  /** Where the results go; keys are names in the job's folder. */
  readonly output: ObjectStore;
  readonly format: RecordFormat;
  readonly fields: RecordFields;
  readonly clock: Clock;
  /** Tells what the invocation that does it has taken; absent where there is none, but a machine of one's own. */
  readonly lambda?: () => LambdaUse;
  /**
   * Hears of records as they are done, and how many of them have no answer; and of those that were done in vain, as
   * less.
   */
  readonly onProgress: (records: number, failed: number) => void;
}

/** What does the records of a shard, and writes its part. */
export interface ShardRun {
  /** Does records in a row. */
  window(records: readonly InputRecord[]): Promise<WindowOutcome>;
  /** The bytes of the part that came to be since the last call. */
  take(): readonly Uint8Array[];
  /** The bytes that are left, and the end. */
  end(): readonly Uint8Array[];
}

const windowBytes = 16 * 1024 * 1024;

/**
 * Does the records of a shard and stores its part, its errors and its report: a shard that was done is not done again.
 *
 * The part decides. The errors and the report of a try are stored under its part's checksum, before the part, which is
 * stored whole or not at all and takes no other's place: whichever try's part is there, what was written with it is
 * too, and whatever other tries have left counts for nothing.
 *
 * Where more records have no answer by now than the job tolerates, it is told to stop. A shard that has so many by
 * itself ends there, with what was done.
 *
 * @param extension what the part's name ends in
 */
export async function runShard(
  work: ShardFiles,
  shard: Shard,
  extension: string,
  begin: () => Promise<ShardRun>,
): Promise<void> {
  const { plan, output, clock, lambda } = work;
  const names = shardFileNames(shard.index);
  const file = `${names.part}.${extension}`;
  if (await isDone(output, file, names)) return;
  const started = clock.now();
  const errors: Uint8Array[] = [];
  let answered = 0;
  const run = await begin();
  const pieces = async function* () {
    const records = work.format.read(work.input, plan.file, shard, work.fields);
    for await (const window of windows(records, work.fields.inputs, windowBytes)) {
      const found = await run.window(window);
      errors.push(...found.errors);
      answered += found.answered;
      work.onProgress(window.length, found.errors.length);
      yield* run.take();
      // The job has failed: what is left of the shard would be done in vain.
      if (errors.length > plan.settings.maxFailedRecords) break;
    }
    yield* run.end();
  };
  const keepReport = async (part: FileContent) => {
    const name = names.errors(part.checksum);
    const refused = errors.length > 0 ? await output.create(name, joined(errors)) : undefined;
    const report: ShardReport = {
      index: shard.index,
      part: resultOf(file, answered, part),
      ...(refused && { errors: resultOf(name, errors.length, refused) }),
      seconds: (clock.now() - started) / 1000,
      ...(lambda && { lambda: lambda() }),
    };
    await writeJson(output, names.report(part.checksum, errors.length), report);
  };
  await output.create(file, joined(pieces()), keepReport).catch((error) => {
    work.onProgress(-answered - errors.length, -errors.length);
    throw error;
  });
  if (errors.length > 0) await stopIfTooManyFailed(output, plan);
}

/**
 * Rejects with ServiceError 409 for a part of a job under way that nothing is known of: it would count for nothing, and
 * keep its place.
 */
async function isDone(output: ObjectStore, file: string, names: ShardFileNames): Promise<boolean> {
  if (!(await output.find(file))) return false;
  if ((await output.list(names.reports)).length > 0 || (await output.find(reportFile))) return true;
  throw new ServiceError(
    409,
    `'${file}' is there, but not the report that belongs to it: remove the folder of results`,
  );
}

function resultOf(file: string, records: number, { bytes, checksum }: FileContent): ResultFile {
  return { file, records, bytes, checksum };
}

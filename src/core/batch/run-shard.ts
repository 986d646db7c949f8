import type { Clock } from '../../ports/clock.ts';
import type { CreatedFile, ObjectStore } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import type { WindowOutcome } from './infer-window.ts';
import { joined } from './joined.ts';
import type { PlannedJob } from './planned-job.ts';
import { readJson } from './read-json.ts';
import type { ResultFile, ShardReport } from './shard-report.ts';
import { windows } from './windows.ts';
import { workFiles } from './work-files.ts';
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
  /** Hears of records as they are done, and how many of them have no answer. */
  readonly onProgress: (records: number, failed: number) => void;
}

/** What does the records of a shard, and writes its part. */
export interface ShardRun {
  /** What the part's name ends in. */
  readonly extension: string;
  /** Does records in a row. */
  window(records: readonly InputRecord[]): Promise<WindowOutcome>;
  /** The bytes of the part that came to be since the last call. */
  take(): readonly Uint8Array[];
  /** The bytes that are left, and the end. */
  end(): readonly Uint8Array[];
}

const windowBytes = 16 * 1024 * 1024;

/**
 * Does the records of a shard and stores its part and its errors: a shard that was done before is not done again.
 *
 * Known fault: where a try was cut off between its part and its report, and the next one comes to other outcomes, the part
 * is the first one's, and the errors and the counts are the next one's.
 */
export async function runShard(work: ShardFiles, shard: Shard, begin: () => Promise<ShardRun>): Promise<ShardReport> {
  const { plan, output, clock } = work;
  const names = workFiles(shard.index);
  const done = await readJson<ShardReport>(output, names.report);
  if (done) return done;
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
    }
    yield* run.end();
  };
  const file = `${names.part}.${run.extension}`;
  const created = await output.create(file, joined(pieces()));
  const refused = errors.length > 0 ? await output.create(names.errors, joined(errors)) : undefined;
  const report: ShardReport = {
    index: shard.index,
    part: resultOf(file, answered, created),
    ...(refused && { errors: resultOf(names.errors, errors.length, refused) }),
    seconds: (clock.now() - started) / 1000,
  };
  await writeJson(output, names.report, report);
  return report;
}

function resultOf(file: string, records: number, { bytes, checksum }: CreatedFile): ResultFile {
  return { file, records, bytes, checksum };
}

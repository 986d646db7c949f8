import type { Clock } from '../../ports/clock.ts';
import type { CreatedFile, ObjectStore } from '../../ports/object-store.ts';
import type { PartWriter } from '../../ports/part-writer.ts';
import type { RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import type { BatchPlan } from './batch-plan.ts';
import { inferWindow, type WindowOptions } from './infer-window.ts';
import { joined } from './joined.ts';
import { readJson } from './read-json.ts';
import type { ResultFile, ShardReport } from './shard-report.ts';
import { windows } from './windows.ts';
import { workFiles } from './work-files.ts';
import { writeJson } from './write-json.ts';

export interface ShardWork {
  readonly plan: BatchPlan;
  /** Where the records are. */
  readonly input: ObjectStore;
  /** Where the results go; keys are names in the job's folder. */
  readonly output: ObjectStore;
  readonly format: RecordFormat;
  readonly parts: PartWriter;
  readonly fields: RecordFields;
  readonly engine: Omit<WindowOptions, 'part' | 'rows'>;
  readonly clock: Clock;
  /** Hears of records as they are done, and how many of them have no answer. */
  readonly onProgress: (records: number, failed: number) => void;
}

const windowRecords = 4096;
const windowBytes = 16 * 1024 * 1024;

/**
 * Runs the records of a shard and stores its part and its errors, once: a shard that was done before is not done again,
 * and one that was cut off, however often it is repeated, leaves the files of one of the tries.
 */
export async function inferShard(work: ShardWork, shard: Shard): Promise<ShardReport> {
  const { plan, output, clock } = work;
  const names = workFiles(shard.index);
  const done = await readJson<ShardReport>(output, names.report);
  if (done) return done;
  const started = clock.now();
  const errors: Uint8Array[] = [];
  let answered = 0;
  const part = await work.parts.begin(work.input, plan.file);
  const pieces = async function* () {
    const records = work.format.read(work.input, plan.file, shard, work.fields);
    const options = { ...work.engine, part, rows: plan.rows };
    for await (const window of windows(records, windowRecords, windowBytes)) {
      const found = await inferWindow(window, options);
      errors.push(...found.errors);
      answered += found.answered;
      work.onProgress(window.length, found.errors.length);
      yield* part.take();
    }
    yield* part.end();
  };
  const file = `${names.part}.${work.parts.extension}`;
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

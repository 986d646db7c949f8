import type { ObjectStore } from '../../ports/object-store.ts';
import type { PlannedJob } from '../batch/planned-job.ts';
import { readJson } from '../batch/read-json.ts';
import type { ShardReport } from '../batch/shard-report.ts';
import { workFiles } from '../batch/work-files.ts';

/** All answers of a job of requests, as callers of `/v1/files` get them. */
export const outputFile = 'output.jsonl';

/** Puts the parts that are there together, in the input's order, into one file. */
export async function joinParts(output: ObjectStore, plan: PlannedJob): Promise<void> {
  await output.create(outputFile, parts(output, plan));
}

async function* parts(output: ObjectStore, { shards }: PlannedJob): AsyncIterable<Uint8Array> {
  for (const { index } of shards) {
    const report = await readJson<ShardReport>(output, workFiles(index).report);
    const file = report && (await output.find(report.part.file));
    if (file) yield* output.read(file);
  }
}

import type { ObjectStore } from '../../ports/object-store.ts';
import type { ShardReport } from '../batch/shard-report.ts';

/** All answers of a job of requests, as callers of `/v1/files` get them. */
export const outputFile = 'output.jsonl';

/** Puts the parts that are there together, in the input's order, into one file. */
export async function joinParts(output: ObjectStore, reports: readonly ShardReport[]): Promise<void> {
  await output.create(outputFile, parts(output, reports));
}

async function* parts(output: ObjectStore, reports: readonly ShardReport[]): AsyncIterable<Uint8Array> {
  for (const { part } of reports) {
    const file = await output.find(part.file);
    if (file) yield* output.read(file);
  }
}

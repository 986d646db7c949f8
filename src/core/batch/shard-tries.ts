import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { shardFileNames, shardReportPrefix } from './work-files.ts';

/** A try of a shard that left a report. */
export interface ShardTry {
  readonly report: string;
  /** Of its part. */
  readonly checksum: string;
  /** Its records without an answer. */
  readonly failed: number;
}

/** A shard that is done: its part is there, and the reports of all tries, one of which is its part's. */
export interface TriedShard {
  readonly index: number;
  readonly part: StoredFile;
  readonly tries: readonly ShardTry[];
}

const partName = /^part-(\d{5,})\.(jsonl|parquet)$/;
const reportName = /^(.+-)([0-9a-f]{64})-(\d+)\.json$/;

/** The shards of a job that are done, in order: what two listings tell, without reading. */
export async function shardTries(output: ObjectStore): Promise<readonly TriedShard[]> {
  // Parts first: the report of each is there before it.
  const parts = await output.list('part-');
  const tries = new Map<string, ShardTry[]>();
  for (const { key } of await output.list(shardReportPrefix)) {
    const [, shard = '', checksum = '', failed] = reportName.exec(key) ?? [];
    const all = tries.get(shard);
    const found = { report: key, checksum, failed: Number(failed) };
    if (all) all.push(found);
    else tries.set(shard, [found]);
  }
  const done = parts.flatMap((part) => {
    const number = partName.exec(part.key)?.[1];
    const index = Number(number);
    return number === undefined ? [] : [{ index, part, tries: tries.get(shardFileNames(index).reports) ?? [] }];
  });
  return done.sort((one, other) => one.index - other.index);
}

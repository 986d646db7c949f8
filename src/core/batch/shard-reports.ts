import type { ObjectStore, StoredFile } from '../../ports/object-store.ts';
import { inParallel } from './in-parallel.ts';
import { readJson } from './read-json.ts';
import type { ShardReport } from './shard-report.ts';
import { shardFileNames, shardReportPrefix } from './work-files.ts';

const partName = /^part-(\d{5,})\.(jsonl|parquet)$/;
// There may be ten thousand shards, in a store far away.
const readsAtOnce = 32;

/**
 * The reports of the shards that are done, in order. One is done when its part is there; where several tries left a
 * report, the part's is the one that was written with it.
 */
export async function shardReports(output: ObjectStore): Promise<readonly ShardReport[]> {
  // Parts first: the report of each is there before it.
  const parts = (await output.list('part-')).filter(({ key }) => partName.test(key));
  const tries = new Map<string, string[]>();
  for (const { key } of await output.list(shardReportPrefix)) {
    const shard = key.slice(0, key.lastIndexOf('-') + 1);
    tries.set(shard, [...(tries.get(shard) ?? []), key]);
  }
  const found: ShardReport[] = [];
  await inParallel(parts, readsAtOnce, async (part) => {
    const names = shardFileNames(Number(partName.exec(part.key)?.[1]));
    const all = tries.get(names.reports) ?? [];
    const key = all.length > 1 ? names.report(await checksumOf(output, part)) : all[0];
    // One that went meanwhile was of a job that is done by now.
    const report = key === undefined ? undefined : await readJson<ShardReport>(output, key);
    if (report) found.push(report);
  });
  return found.sort((one, other) => one.index - other.index);
}

async function checksumOf(output: ObjectStore, part: StoredFile): Promise<string> {
  return (await output.measure(part)).checksum;
}

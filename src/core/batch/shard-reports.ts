import type { ObjectStore } from '../../ports/object-store.ts';
import { inParallel } from './in-parallel.ts';
import { readJson } from './read-json.ts';
import type { ShardReport } from './shard-report.ts';
import { shardTries, type TriedShard } from './shard-tries.ts';

// There may be ten thousand shards, in a store far away.
const readsAtOnce = 32;

/** The reports of the shards that are done, in order: of several tries, that one's whose part is there. */
export async function shardReports(output: ObjectStore): Promise<readonly ShardReport[]> {
  const found: ShardReport[] = [];
  await inParallel(await shardTries(output), readsAtOnce, async (shard) => {
    const key = await reportOf(output, shard);
    // One that went meanwhile was of a job that is done by now.
    const report = key === undefined ? undefined : await readJson<ShardReport>(output, key);
    if (report) found.push(report);
  });
  return found.sort((one, other) => one.index - other.index);
}

async function reportOf(output: ObjectStore, { part, tries }: TriedShard): Promise<string | undefined> {
  if (tries.length <= 1) return tries[0]?.report;
  const { checksum } = await output.measure(part);
  return tries.find((each) => each.checksum === checksum)?.report;
}

import type { ObjectStore } from '../../ports/object-store.ts';
import { readsAtOnce } from '../reads-at-once.ts';
import { collectInParallel } from './collect-in-parallel.ts';
import { readJson } from './read-json.ts';
import type { ShardReport } from './shard-report.ts';
import { shardTries, type TriedShard } from './shard-tries.ts';

/** The reports of the shards that are done, in order: of several tries, that one's whose part is there. */
export async function shardReports(output: ObjectStore): Promise<readonly ShardReport[]> {
  const found = await collectInParallel(await shardTries(output), readsAtOnce, async (shard) => {
    const key = await reportOf(output, shard);
    return key === undefined ? undefined : readJson<ShardReport>(output, key);
  });
  // One that went meanwhile was of a job that is done by now.
  return found.filter((report) => report !== undefined);
}

async function reportOf(output: ObjectStore, { part, tries }: TriedShard): Promise<string | undefined> {
  if (tries.length <= 1) return tries[0]?.report;
  const { checksum } = await output.measure(part);
  return tries.find((each) => each.checksum === checksum)?.report;
}

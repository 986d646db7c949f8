import type { BatchReport } from './batch-report.ts';
import { finishJob } from './finish-job.ts';
import { inferShard, type ShardWork } from './infer-shard.ts';

/** Does all shards of a job, one after the other, each with as many runs at once as the model may have, and finishes it. */
export async function runJob(work: ShardWork): Promise<BatchReport> {
  for (const shard of work.plan.shards) await inferShard(work, shard);
  return finishJob(work.output, work.plan);
}

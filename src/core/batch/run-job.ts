import type { BatchReport } from './batch-report.ts';
import { finishJob } from './finish-job.ts';
import { inferShard, type ShardWork } from './infer-shard.ts';
import { type PauseBeforeRetry, withRetries } from './with-retries.ts';

export interface JobWork extends ShardWork {
  readonly pause: PauseBeforeRetry;
}

/** Does all shards of a job, one after the other, each with as many runs at once as the model may have, and finishes it. */
export async function runJob(work: JobWork): Promise<BatchReport> {
  for (const shard of work.plan.shards) await withRetries(() => inferShard(work, shard), work.pause);
  return finishJob(work.output, work.plan);
}

import type { ServiceError } from '../../protocol/service-error.ts';
import { type PauseBeforeRetry, withRetries } from '../with-retries.ts';
import type { BatchReport } from './batch-report.ts';
import { endedReport } from './ended-report.ts';
import { finishJob } from './finish-job.ts';
import { inferShard, type ShardWork } from './infer-shard.ts';
import { shardReports } from './shard-reports.ts';
import { tooManyFailedFile } from './stop-if-too-many-failed.ts';

export interface JobWork extends ShardWork {
  readonly pause: PauseBeforeRetry;
  readonly today: () => Date;
}

// As often as Step Functions does it on AWS.
const most = 6;
/** A model or a store that cannot be had now. */
const mayPass = ({ status }: ServiceError) => status === 503;

/**
 * Does the shards of a job, one after the other, each with as many runs at once as the model may have, and finishes it.
 * It ends early where more records fail than it tolerates.
 */
export async function runJob(work: JobWork): Promise<BatchReport> {
  const { output, plan, pause, today } = work;
  const ended = await endedReport(output);
  if (ended) return ended;
  try {
    for (const shard of plan.shards) {
      if (await output.find(tooManyFailedFile)) break;
      await withRetries(() => inferShard(work, shard), { most, mayPass, pause });
    }
    return await finishJob(output, { plan, reports: await shardReports(output), at: today() });
  } catch (error) {
    // Another run of the job may have ended it meanwhile, and let go of work files that this one needed.
    const endedMeanwhile = await endedReport(output);
    if (endedMeanwhile) return endedMeanwhile;
    throw error;
  }
}

import type { Context } from 'aws-lambda';
import { answerWith } from '../src/adapters/batch/answer-with.ts';
import { reportCalls } from '../src/adapters/batch/report-calls.ts';
import { requestsFormat } from '../src/adapters/batch/requests-format.ts';
import { resumeBatch } from '../src/adapters/batch/resume-batch.ts';
import { watchJob } from '../src/adapters/batch/watch-job.ts';
import type { BatchPlan } from '../src/core/batch/batch-plan.ts';
import { inferShard } from '../src/core/batch/infer-shard.ts';
import type { LambdaUse } from '../src/core/batch/lambda-use.ts';
import { readJson } from '../src/core/batch/read-json.ts';
import { planFile } from '../src/core/batch/work-files.ts';
import { answerShard } from '../src/core/batch-jobs/answer-shard.ts';
import type { BatchJob } from '../src/core/batch-jobs/batch-job.ts';
import { isJobOver } from '../src/core/batch-jobs/is-job-over.ts';
import { JobFiles } from '../src/core/batch-jobs/job-files.ts';
import { requestFields } from '../src/core/batch-jobs/request-item.ts';
import type { ObjectStore } from '../src/ports/object-store.ts';
import { openBatchData } from './batch-data.ts';
import { BatchModels } from './batch-models.ts';
import { beginUse } from './begin-use.ts';
import { shardCall } from './shard-call.ts';
import { stepLimit } from './step-limit.ts';
import { tellFault } from './tell-fault.ts';

/** A shard of a job, as the state machine's map hands it on. */
export interface InferEvent {
  readonly job: BatchJob;
  readonly shard: { readonly index: number };
}

const { store } = openBatchData(process.env);
const models = new BatchModels();

/**
 * Does the records of a shard; one that was done, or whose job is over, is not done again. Rejects for what another try
 * may mend.
 */
export async function handler({ job, shard: { index } }: InferEvent, context: Context): Promise<void> {
  const lambda = beginUse();
  const output = new JobFiles(store, job);
  if (await isJobOver(output)) return;
  const limit = stepLimit(context, 'a shard');
  const unwatch = watchJob(output, limit.abort);
  try {
    await doShard(job, output, index, { signal: limit.signal, lambda });
  } catch (error) {
    if (await isJobOver(output)) return;
    await tellFault(output, index, error);
    throw error;
  } finally {
    unwatch();
    limit.end();
    await models.records?.flush();
  }
}

async function doShard(
  job: BatchJob,
  output: ObjectStore,
  index: number,
  { signal, lambda }: { readonly signal: AbortSignal; readonly lambda: () => LambdaUse },
): Promise<void> {
  const { input: file, requests } = job;
  // Of requests it has less.
  const plan = await readJson<BatchPlan>(output, planFile);
  const shard = plan?.shards[index];
  if (!plan || !shard) throw new Error(`the job's plan has no shard ${index}`);
  const { workers, records } = models;
  if (!requests) {
    const places = { file, input: store, output, workers, signal };
    let [seen, answered] = [0, 0];
    const onProgress = (count: number, failed: number) => {
      seen += count;
      answered += count - failed;
    };
    const work = { ...(await resumeBatch(await models.dataPlane(), plan, places)), onProgress, lambda };
    const told = (error?: unknown) =>
      records?.onCall(shardCall({ job, index, plan, answered, ms: 1000 * lambda().seconds * workers, error }));
    await inferShard(work, shard).catch((error) => {
      told(error);
      throw error;
    });
    // Of one that was done before there is nothing to tell.
    if (seen > 0) told();
    return;
  }
  const more = { onProgress: () => undefined, lambda };
  const bare = await models.handler();
  const answer = answerWith(records ? reportCalls(bare, job.owner, records.onCall) : bare, signal);
  const lines = { format: requestsFormat(), fields: requestFields, endpoint: requests.endpoint };
  await answerShard(
    { plan, input: store, output, ...lines, clock: performance, ...more, answer, runsAtOnce: workers },
    shard,
  );
}

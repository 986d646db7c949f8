import type { Context } from 'aws-lambda';
import { shardWork } from '../src/adapters/batch/shard-work.ts';
import { BatchModel } from '../src/core/batch/batch-model.ts';
import type { BatchPlan } from '../src/core/batch/batch-plan.ts';
import { reportFile } from '../src/core/batch/finish-job.ts';
import { inferShard } from '../src/core/batch/infer-shard.ts';
import { planFile } from '../src/core/batch/plan-job.ts';
import { readJson } from '../src/core/batch/read-json.ts';
import type { BatchJob } from '../src/core/batch-jobs/batch-job.ts';
import { cancelFile } from '../src/core/batch-jobs/cancel-file.ts';
import { JobFiles } from '../src/core/batch-jobs/job-files.ts';
import type { ObjectStore } from '../src/ports/object-store.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { openBatchData } from './batch-data.ts';
import { BatchHost } from './batch-host.ts';
import { tellFault } from './tell-fault.ts';
import { timeLimit } from './time-limit.ts';

/** A shard of a job, as the state machine's map hands it on. */
export interface InferEvent {
  readonly job: BatchJob;
  readonly shard: { readonly index: number };
}

// How long a shard goes on after its job was cancelled.
const cancelMs = 2000;

const { store } = openBatchData(process.env);
const host = new BatchHost();

/** Runs the records of a shard; one that was done, or whose job is over, is not done again. Rejects for what another try may mend. */
export async function handler({ job, shard: { index } }: InferEvent, context: Context): Promise<void> {
  const output = new JobFiles(store, job);
  const isOver = async () => ((await output.find(cancelFile)) ?? (await output.find(reportFile))) !== undefined;
  if (await isOver()) return;
  const limit = timeLimit(context, 'a shard');
  const watch = setInterval(() => {
    // Of a bucket that does not answer the shard itself will tell.
    isOver().then(
      (over) => over && limit.abort(new ServiceError(504, 'the job was cancelled')),
      () => undefined,
    );
  }, cancelMs);
  try {
    await runShard(output, index, limit.signal);
  } catch (error) {
    if (await isOver()) return;
    await tellFault(output, index, error);
    throw error;
  } finally {
    clearInterval(watch);
    limit.end();
  }
}

async function runShard(output: ObjectStore, index: number, signal: AbortSignal): Promise<void> {
  const plan = await readJson<BatchPlan>(output, planFile);
  const shard = plan?.shards[index];
  if (!plan || !shard) throw new Error(`the job's plan has no shard ${index}`);
  const model = await BatchModel.open(await host.dataPlane(), plan.model, String(plan.version), signal);
  const work = shardWork(model, {
    key: plan.file.key,
    work: output,
    settings: plan.settings,
    runsAtOnce: host.workers,
  });
  await inferShard({ plan, input: store, output, ...work, onProgress: () => undefined }, shard);
}

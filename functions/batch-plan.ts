import type { Context } from 'aws-lambda';
import { identifyJob, type StoredEvent } from '../src/adapters/batch/identify-job.ts';
import { requestsFormat } from '../src/adapters/batch/requests-format.ts';
import { settleBatch } from '../src/adapters/batch/settle-batch.ts';
import { reportFile } from '../src/core/batch/finish-job.ts';
import type { LambdaUse } from '../src/core/batch/lambda-use.ts';
import type { PlannedJob } from '../src/core/batch/planned-job.ts';
import { workFolder } from '../src/core/batch/work-files.ts';
import { writeJson } from '../src/core/batch/write-json.ts';
import type { BatchJob } from '../src/core/batch-jobs/batch-job.ts';
import { JobFiles } from '../src/core/batch-jobs/job-files.ts';
import { jobPlaces } from '../src/core/batch-jobs/job-places.ts';
import { parseInputKey } from '../src/core/batch-jobs/parse-input-key.ts';
import { planRequests } from '../src/core/batch-jobs/plan-requests.ts';
import { refuseJob } from '../src/core/batch-jobs/refuse-job.ts';
import { ServiceError } from '../src/protocol/service-error.ts';
import { openBatchData } from './batch-data.ts';
import { BatchModels } from './batch-models.ts';
import { beginUse } from './begin-use.ts';
import { stepLimit } from './step-limit.ts';
import { tellFault } from './tell-fault.ts';

/** What the state machine goes by. `none`: there is nothing to do, or it was done before. */
export type PlanOutcome =
  | { readonly state: 'none' }
  | { readonly state: 'refused'; readonly job: BatchJob }
  | { readonly state: 'planned'; readonly job: BatchJob; readonly shards: { bucket: string; key: string } };

const shardsFile = `${workFolder}shards.json`;
const data = openBatchData(process.env);
const models = new BatchModels();

/**
 * Plans the job of an upload: its shards lie in a file of the bucket, for the state machine to read. What cannot work
 * is refused in its report.
 */
export async function handler({ detail }: { detail: StoredEvent }, context: Context): Promise<PlanOutcome> {
  const lambda = beginUse();
  const { store, prefixes } = data;
  const job = await identifyJob(store, detail, prefixes);
  if (!job) return { state: 'none' };
  const output = new JobFiles(store, job);
  if (await output.find(reportFile)) return { state: 'none' };
  await writeJson(store, `${jobPlaces.jobs}${job.id}.json`, job);
  const limit = stepLimit(context, 'planning the job');
  try {
    const plan = await settle(job, output, { signal: limit.signal, lambda });
    await writeJson(
      output,
      shardsFile,
      plan.shards.map(({ index }) => ({ index })),
    );
    return { state: 'planned', job, shards: { bucket: detail.bucket.name, key: output.keyOf(shardsFile) } };
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status >= 500) {
      await tellFault(output, 'plan', error);
      throw error;
    }
    await refuseJob(output, job, { status: 'failed', reason: error.message }, new Date());
    return { state: 'refused', job };
  } finally {
    limit.end();
  }
}

async function settle(
  job: BatchJob,
  output: JobFiles,
  run: { readonly signal: AbortSignal; readonly lambda: () => LambdaUse },
): Promise<PlannedJob> {
  const { store, prefixes, settings } = data;
  const { id, input, requests } = job;
  if (requests) {
    return planRequests(job, requestsFormat(), store, output, { startedAt: new Date().toISOString(), ...run });
  }
  const settled = await settleBatch(await models.dataPlane(), {
    ...parseInputKey(prefixes.input, input.key),
    file: input,
    named: { job: id },
    input: store,
    output,
    settings,
    workers: models.workers,
    models: models.store,
    ...run,
  });
  return settled.plan;
}

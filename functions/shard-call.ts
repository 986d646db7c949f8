import type { BatchPlan } from '../src/core/batch/batch-plan.ts';
import type { BatchJob } from '../src/core/batch-jobs/batch-job.ts';
import type { AnsweredCall } from '../src/ports/answered-call.ts';

export interface DoneShard {
  readonly job: BatchJob;
  readonly index: number;
  readonly plan: Pick<BatchPlan, 'model' | 'version'>;
  /** Records that have an answer. */
  readonly answered: number;
  /** Of the work, added up over all that was done at once. */
  readonly ms: number;
  /** What it failed on. */
  readonly error?: unknown;
}

const noBytes = new Uint8Array(0);

/**
 * A shard of a job over a file, as usage and the audit log have it: a call of whoever asked for the job. Inputs and
 * answers stay files.
 */
export function shardCall({ job, index, plan, answered, ms, error }: DoneShard): AnsweredCall {
  const version = { model: plan.model, version: String(plan.version) };
  return {
    protocol: 'batch',
    method: 'Shard',
    requestId: `${job.id}/${index}`,
    caller: job.owner,
    status: error === undefined ? 200 : 500,
    ms,
    waitedMs: 0,
    ...(error === undefined ? { served: { ...version, items: answered } } : { chosen: version }),
    body: noBytes,
    answerBytes: 0,
    error,
  };
}

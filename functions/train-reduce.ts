import type { Context } from 'aws-lambda';
import { passLine } from '../cli/pass-line.ts';
import { openS3ObjectStore } from '../src/adapters/s3-object-store/open-s3-object-store.ts';
import { addJobEvent } from '../src/core/model-jobs/add-job-event.ts';
import { endModelJob } from '../src/core/model-jobs/end-model-job.ts';
import { findModelJob } from '../src/core/model-jobs/find-model-job.ts';
import { runFiles } from '../src/core/model-jobs/run-files.ts';
import { reduceRound } from '../src/core/training-rounds/reduce-round.ts';
import { WorkerFailure } from '../src/core/training-rounds/worker-failure.ts';
import type { RunOutcome } from './job-run.ts';
import { needed } from './needed.ts';
import { RoundWorker } from './round-worker.ts';

/** A round whose workers are done. */
export interface ReduceEvent {
  readonly job: string;
  readonly round: number;
}

const data = openS3ObjectStore(needed('TENSORGATE_DATA'));
const worker = new RoundWorker('validation');

/**
 * Brings the workers of a round together, and says whether there is another. A training that cannot go on has its
 * report then. Rejects for what another try may mend.
 */
export async function handler({ job: id, round }: ReduceEvent, context: Context): Promise<RunOutcome> {
  try {
    const reduced = await worker.do(id, context, async (store, means, signal) => {
      const { next, ended } = await reduceRound(store, means, round, signal);
      const line = ended && passLine(ended, means.plan.epochs);
      if (line !== undefined) await addJobEvent(data, id, line, new Date());
      return next;
    });
    return reduced ?? { state: 'ended' };
  } catch (error) {
    const job = error instanceof WorkerFailure ? await findModelJob(data, id) : undefined;
    if (!job) throw error;
    const ending = { status: 'failed' as const, reason: (error as Error).message, versions: [] };
    await endModelJob(runFiles(data, id), job, ending, new Date());
    return { state: 'ended' };
  }
}

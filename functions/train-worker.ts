import type { Context } from 'aws-lambda';
import { workRound } from '../src/core/training-rounds/work-round.ts';
import { RoundWorker } from './round-worker.ts';

/** A worker's part of a round, as the state machine's map hands it on. */
export interface WorkerEvent {
  readonly job: string;
  readonly round: number;
  readonly shard: number;
}

const worker = new RoundWorker('train');

/**
 * Takes the steps of one worker in a round of a training; what was done before, or whose job is over, is not done
 * again. Rejects for what another try may mend.
 */
export async function handler({ job, round, shard }: WorkerEvent, context: Context): Promise<void> {
  await worker.do(job, context, (store, means, signal) => workRound(store, means, { round, shard, signal }));
}

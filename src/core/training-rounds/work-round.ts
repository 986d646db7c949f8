import type { ObjectStore } from '../../ports/object-store.ts';
import { onePiece } from '../one-piece.ts';
import { doTask } from '../training/do-task.ts';
import { taskOf } from '../training/task-of.ts';
import { readRound } from './read-round.ts';
import { roundBatches } from './round-batches.ts';
import type { RoundMeans } from './round-means.ts';
import { resultFile } from './rounds-files.ts';
import { encodeWorkerResult } from './worker-result.ts';

export interface WorkerRound {
  readonly round: number;
  /** Which of the workers it is, from 0. */
  readonly shard: number;
  readonly signal: AbortSignal;
}

/**
 * Does what one worker is to do in a round, and stores where it has come to. What was done before is not done again;
 * done again, it comes to the same bytes. That it cannot be done, as the loss is no number any more, is a result as
 * well.
 */
export async function workRound(
  store: ObjectStore,
  { plan, trainer, rows, rateOf }: RoundMeans,
  { round, shard, signal }: WorkerRound,
): Promise<void> {
  const file = resultFile(round, shard);
  if (await store.find(file)) return;
  const begin = await readRound(store, round);
  const { shares } = roundBatches(plan, begin);
  const share = shares[shard];
  if (!share) throw new Error(`round ${round} has ${shares.length} workers: there is no number ${shard}`);
  const result = await doTask(trainer, rows, taskOf(begin.progress, share, rateOf), signal).catch((error) => {
    signal.throwIfAborted();
    return { reason: (error as Error).message };
  });
  await store.create(file, onePiece(encodeWorkerResult(result)));
}

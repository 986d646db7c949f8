import type { ObjectStore } from '../../ports/object-store.ts';
import { readBytes } from '../batch/read-bytes.ts';
import { onePiece } from '../one-piece.ts';
import { type Checkpoint, encodeCheckpoint } from '../training/checkpoint.ts';
import { endPass } from '../training/end-pass.ts';
import { endRound } from '../training/end-round.ts';
import type { EpochLoss } from '../training/epoch-loss.ts';
import { restoreTrainer } from '../training/restore-trainer.ts';
import type { WorkerResult } from '../training/train-in-rounds.ts';
import { trainerState } from '../training/trainer-state.ts';
import { type NextRound, nextRound } from './next-round.ts';
import { readRound } from './read-round.ts';
import { roundBatches } from './round-batches.ts';
import type { RoundMeans } from './round-means.ts';
import { resultFile, roundFile } from './rounds-files.ts';
import { WorkerFailure } from './worker-failure.ts';
import { decodeWorkerResult } from './worker-result.ts';

export interface ReducedRound {
  readonly next: NextRound;
  /** The pass that is over with it; absent where none is, or where that was said before. */
  readonly ended?: EpochLoss | undefined;
}

/**
 * Brings the workers of a round together, measures where a pass is over, and stores what the next round begins with:
 * once, and the same bytes however often it is done. Rejects with a WorkerFailure where the training cannot go on, with
 * another Error where a worker's result is not there.
 */
export async function reduceRound(
  store: ObjectStore,
  means: RoundMeans,
  round: number,
  signal: AbortSignal,
): Promise<ReducedRound> {
  const { plan } = means;
  if (await store.find(roundFile(round + 1)))
    return { next: nextRound(plan, round + 1, await readRound(store, round + 1)) };
  const after = await broughtTogether(store, means, round, signal);
  const { isNew } = await store.create(roundFile(round + 1), onePiece(encodeCheckpoint(after)));
  const ended = isNew && !after.pass ? after.progress.curve.at(-1) : undefined;
  return { next: nextRound(plan, round + 1, after), ended };
}

async function broughtTogether(
  store: ObjectStore,
  { plan, trainer, rows }: RoundMeans,
  round: number,
  signal: AbortSignal,
): Promise<Checkpoint> {
  const before = await readRound(store, round);
  const { id, progress, pass } = before;
  const { shares, done, isLast } = roundBatches(plan, before);
  restoreTrainer(trainer, progress);
  const sum = (pass?.loss ?? 0) + (await endRound(trainer, shares, resultsOf(store, round, shares.length)));
  const { groups, validation } = plan;
  const split = { train: groups.flat(), validation };
  const { curve, best } = isLast ? await endPass(trainer, rows, split, { before: progress, sum, signal }) : progress;
  return {
    id,
    progress: { curve, best, ...trainerState(trainer) },
    pass: isLast ? undefined : { batches: done, loss: sum },
  };
}

async function* resultsOf(store: ObjectStore, round: number, workers: number): AsyncIterable<WorkerResult> {
  for (let shard = 0; shard < workers; shard += 1) {
    const file = await store.find(resultFile(round, shard));
    if (!file) throw new Error(`worker ${shard} of round ${round} has not said where it has come to`);
    const result = decodeWorkerResult(await readBytes(store, file));
    if ('reason' in result) throw new WorkerFailure(result.reason);
    yield result;
  }
}

import { leaveRounds } from '../src/adapters/training/leave-rounds.ts';
import { type OpenCheckpoint, openCheckpoint } from '../src/adapters/training/open-checkpoint.ts';
import type { Recipe } from '../src/adapters/training/recipe.ts';
import type { TrainedModel, TrainingRun } from '../src/adapters/training/run-training.ts';
import type { Making } from '../src/ports/making.ts';
import { EpochProgress } from './epoch-progress.ts';
import type { TrainOptions } from './train-options.ts';

export interface WatchedTraining {
  readonly name: string;
  readonly recipe: Recipe;
  readonly made: Pick<Making, 'source' | 'data' | 'passes'>;
  readonly signal: AbortSignal;
}

/** What came of it, which may go on from where it was kept until it is stored. */
export interface WatchedModel extends TrainedModel {
  /** Lets go of how far it was, once the model is stored. */
  readonly forget: () => Promise<void>;
}

/**
 * Shows how far a training is while it goes on, and keeps it where it is asked to, so that the same command goes on
 * from there; or leaves its rounds to others.
 */
export async function watchTraining(
  { target, columns, workers, checkpoints, rounds, json }: TrainOptions,
  { name, recipe, made, signal }: WatchedTraining,
  work: (run: Pick<TrainingRun, 'watch' | 'from' | 'leave'>) => Promise<TrainedModel>,
): Promise<WatchedModel> {
  const same = { recipe, made, target, columns, workers };
  const checkpoint: OpenCheckpoint | undefined =
    checkpoints === undefined ? undefined : await openCheckpoint(checkpoints, name, same);
  const left = rounds === undefined ? undefined : await leaveRounds(rounds, same);
  const from = left?.from ?? checkpoint?.from;
  if (from) console.error(`it goes on after pass ${from.curve.length}`);
  const progress = new EpochProgress(recipe.epochs, !json, from?.curve);
  try {
    const trained = await work({
      from,
      leave: from ? undefined : left?.leave,
      watch: {
        signal,
        onStep: (step, of) => progress.step(step, of),
        onEpoch: async (done) => {
          progress.epoch(done.curve);
          await checkpoint?.keep(done);
        },
      },
    });
    return { ...trained, forget: async () => checkpoint?.remove() };
  } finally {
    progress.stop();
  }
}

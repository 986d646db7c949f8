import { createReadStream } from 'node:fs';
import type { FitProgress } from '../../core/training/fit-progress.ts';
import { beginRounds, type RoundsToBegin } from '../../core/training-rounds/begin-rounds.ts';
import { resumeRounds } from '../../core/training-rounds/resume-rounds.ts';
import { modelFile } from '../../core/training-rounds/rounds-files.ts';
import { openFolder } from '../batch/open-folder.ts';
import { RoundsLeft } from './rounds-left.ts';
import { trainingDifferences } from './training-differences.ts';
import { type SameTraining, trainingId } from './training-id.ts';
import type { TrainingRoundsPlan } from './training-rounds-plan.ts';

/** A training as it is left to others, without what it is called by. */
export interface LeftTraining extends Omit<RoundsToBegin<TrainingRoundsPlan>, 'plan'> {
  readonly plan: Omit<RoundsToBegin<TrainingRoundsPlan>['plan'], 'id'>;
  /** The model's file. */
  readonly path: string;
}

export interface LeftRounds {
  /** What they came to; undefined where they are not over. */
  readonly from: FitProgress | undefined;
  /** Stores what they begin with, where that was not done before, and rejects with RoundsLeft. */
  readonly leave: (training: LeftTraining) => Promise<never>;
}

/**
 * Opens the folder, here or in a bucket, from which others take the rounds of a training.
 *
 * Rejects with an Error where those of another training lie there: what is `same` of two trainings that come to the
 * same bytes differs.
 */
export async function leaveRounds(uri: string, same: SameTraining): Promise<LeftRounds> {
  const store = openFolder(uri);
  const id = trainingId(same);
  const begun = await resumeRounds<TrainingRoundsPlan>(store);
  const differing = begun && trainingDifferences(id, begun.plan.id);
  if (differing !== undefined) throw new Error(`${uri} has rounds of another training, which differs in ${differing}`);
  return {
    from: begun?.next.state === 'fitted' ? begun.progress : undefined,
    leave: async ({ path, plan, ...training }) => {
      if (!begun) {
        await store.create(modelFile, createReadStream(path));
        await beginRounds(store, { ...training, plan: { ...plan, id } });
      }
      throw new RoundsLeft(`its rounds are for ${plan.workers} workers to do`);
    },
  };
}

import type { ObjectStore } from '../../ports/object-store.ts';
import { writeJson } from '../batch/write-json.ts';
import { onePiece } from '../one-piece.ts';
import { encodeCheckpoint } from '../training/checkpoint.ts';
import { passBatches } from '../training/pass-batches.ts';
import type { Split } from '../training/split.ts';
import type { Trainer } from '../training/trainer.ts';
import { trainerState } from '../training/trainer-state.ts';
import { TrainingRows, type TrainingRowsOptions } from '../training/training-rows.ts';
import { planFile, roundFile } from './rounds-files.ts';
import type { RoundsPlan } from './rounds-plan.ts';
import { storeRows } from './store-rows.ts';

/** A training that is to be done in rounds. */
export interface RoundsToBegin<Plan extends RoundsPlan = RoundsPlan> {
  readonly trainer: Trainer;
  readonly rows: TrainingRowsOptions;
  readonly split: Pick<Split, 'train' | 'validation'>;
  readonly plan: Omit<Plan, 'inputNames' | 'target' | 'targets' | 'groups' | 'validation'>;
}

/** Each is some events of a state machine's execution, of which there may be 25,000. */
const mostRounds = 1000;

/**
 * Stores what rounds begin with, once: rows in files, the weights that all begin from, and, last, the plan. Rejects
 * with an Error where there would be too many rounds.
 */
export async function beginRounds<Plan extends RoundsPlan>(
  store: ObjectStore,
  { trainer, rows: options, split: { train, validation }, plan: given }: RoundsToBegin<Plan>,
): Promise<void> {
  const { inputNames, targets, target } = options;
  const rows = new TrainingRows(options);
  const plan = { ...given, inputNames, target, groups: rows.alike(train), validation, targets } as Plan;
  checkRounds(plan);
  await storeRows(store, 'train', plan.groups, options);
  await storeRows(store, 'validation', rows.alike(validation), options);
  const best = { epoch: 0, loss: Number.POSITIVE_INFINITY, weights: new Map() };
  const progress = { curve: [], best, ...trainerState(trainer) };
  await store.create(roundFile(0), onePiece(encodeCheckpoint({ id: plan.id, progress })));
  await writeJson(store, planFile, plan);
}

function checkRounds(plan: RoundsPlan): void {
  const { workers, localSteps, epochs, groups } = plan;
  const batches = passBatches(groups, plan, 1).length;
  const rounds = epochs * (localSteps === 1 ? batches : Math.ceil(batches / (workers * localSteps)));
  if (rounds <= mostRounds) return;
  const least = Math.max(2, Math.ceil(batches / (workers * Math.max(1, Math.floor(mostRounds / epochs)))));
  throw new Error(
    `${epochs} passes over ${batches} batches by ${workers} workers are ${rounds} rounds, more than ${mostRounds}: expected fewer epochs in the recipe${epochs > mostRounds ? '' : `, or localSteps of ${least} or more`}`,
  );
}

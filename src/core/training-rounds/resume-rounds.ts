import type { ObjectStore } from '../../ports/object-store.ts';
import { readJson } from '../batch/read-json.ts';
import type { FitProgress } from '../training/fit-progress.ts';
import { type NextRound, nextRound } from './next-round.ts';
import { readRound } from './read-round.ts';
import { planFile, roundsFolder } from './rounds-files.ts';
import type { RoundsPlan } from './rounds-plan.ts';

/** How far rounds are. */
export interface BegunRounds<Plan extends RoundsPlan> {
  readonly plan: Plan;
  readonly progress: FitProgress;
  readonly next: NextRound;
}

/** Finds how far rounds are; undefined where they were not begun. */
export async function resumeRounds<Plan extends RoundsPlan>(
  store: ObjectStore,
): Promise<BegunRounds<Plan> | undefined> {
  const plan = await readJson<Plan>(store, planFile);
  if (!plan) return undefined;
  const last = (await store.list(roundsFolder)).length - 1;
  const checkpoint = await readRound(store, last);
  return { plan, progress: checkpoint.progress, next: nextRound(plan, last, checkpoint) };
}

import type { Checkpoint } from '../training/checkpoint.ts';
import { dealBatches } from '../training/deal-batches.ts';
import { passBatches } from '../training/pass-batches.ts';
import type { RoundsPlan } from './rounds-plan.ts';

export interface RoundBatches {
  /** Of each worker, by the numbers of rows. */
  readonly shares: readonly (readonly (readonly number[])[])[];
  /** Batches of the pass that are done with the round. */
  readonly done: number;
  /** Whether these are all of them. */
  readonly isLast: boolean;
}

/** The batches of the round that a checkpoint begins. */
export function roundBatches(
  plan: RoundsPlan,
  { progress: { curve }, pass }: Pick<Checkpoint, 'progress' | 'pass'>,
): RoundBatches {
  const { workers, localSteps, groups } = plan;
  const all = passBatches(groups, plan, curve.length + 1);
  const from = pass?.batches ?? 0;
  const done = Math.min(from + workers * localSteps, all.length);
  return { shares: dealBatches(all.slice(from, done), workers), done, isLast: done === all.length };
}

import type { Checkpoint } from '../training/checkpoint.ts';
import { type DealtRound, dealRound } from '../training/deal-round.ts';
import { passBatches } from '../training/pass-batches.ts';
import type { RoundsPlan } from './rounds-plan.ts';

export interface RoundBatches extends DealtRound {
  /** Whether these are all of the pass. */
  readonly isLast: boolean;
}

/** The batches of the round that a checkpoint begins. */
export function roundBatches(
  plan: RoundsPlan,
  { progress: { curve }, pass }: Pick<Checkpoint, 'progress' | 'pass'>,
): RoundBatches {
  const all = passBatches(plan.groups, plan, curve.length + 1);
  const dealt = dealRound(all, pass?.batches ?? 0, plan);
  return { ...dealt, isLast: dealt.done === all.length };
}

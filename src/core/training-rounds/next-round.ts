import type { Checkpoint } from '../training/checkpoint.ts';
import { isFitted } from '../training/is-fitted.ts';
import { roundBatches } from './round-batches.ts';
import type { RoundsPlan } from './rounds-plan.ts';

/** What is to be done next: a round, by so many workers; or nothing, as the training is over. */
export type NextRound =
  | { readonly state: 'round'; readonly round: number; readonly shards: readonly number[] }
  | { readonly state: 'fitted' };

/** What comes after what a round begins with. */
export function nextRound(
  plan: RoundsPlan,
  round: number,
  { progress, pass }: Pick<Checkpoint, 'progress' | 'pass'>,
): NextRound {
  if (!pass && isFitted(progress, plan, plan.validation.length > 0)) return { state: 'fitted' };
  const { shares } = roundBatches(plan, { progress, pass });
  return { state: 'round', round, shards: [...shares.keys()] };
}

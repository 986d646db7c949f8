import type { Recipe } from '../src/adapters/training/recipe.ts';
import type { FitOptions } from '../src/core/training/fit-rows.ts';
import { EpochProgress } from './epoch-progress.ts';
import type { TrainOptions } from './train-options.ts';

/** Shows how far a training is while it goes on. */
export async function watchTraining<T>(
  { json }: TrainOptions,
  { epochs }: Recipe,
  signal: AbortSignal,
  work: (watch: Pick<FitOptions, 'signal' | 'onStep' | 'onEpoch'>) => Promise<T>,
): Promise<T> {
  const progress = json ? undefined : new EpochProgress(epochs);
  try {
    return await work({
      signal,
      onStep: (step, of) => progress?.step(step, of),
      onEpoch: async ({ curve }) => progress?.epoch(curve),
    });
  } finally {
    progress?.stop();
  }
}

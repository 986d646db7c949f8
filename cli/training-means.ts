import type { RecipeFile } from '../src/adapters/training/recipe.ts';

/** What a training is done with. */
export interface TrainingMeans {
  readonly recipe: RecipeFile;
  /** A folder that is gone afterwards. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

import type { RecipeFile } from '../src/adapters/training/recipe.ts';
import type { CudaOptions } from '../src/ports/session.ts';

/** What a training is done with. */
export interface TrainingMeans {
  readonly recipe: RecipeFile;
  /** A folder that is gone afterwards. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** The GPU that it is done on. */
  readonly cuda: CudaOptions | undefined;
}

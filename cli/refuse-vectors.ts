import type { Recipe } from '../src/adapters/training/recipe.ts';

/** Throws an Error where a recipe is of vectors: what is not a head has no place for one. */
export function refuseVectors({ loss }: Pick<Recipe, 'loss'>, what: string): void {
  if (loss?.kind === 'cosine')
    throw new Error(
      `the loss cosine is of vectors, which a head gives, and ${what} none: expected --head linear or --head mlp`,
    );
}

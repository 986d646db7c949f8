import type { Recipe, RecipeFile } from './recipe.ts';

/** What is trained: a network of a kind, a head on a model's vectors, or a whole model. */
export type Trained = 'mlp' | 'cnn' | 'logistic' | 'linear' | 'head' | 'whole';

const usual = {
  batchRows: 32,
  localSteps: 10,
  seed: 1,
  optimizer: { kind: 'adam' },
  split: { validation: 0.1, test: 0.2 },
  pictureSide: 32,
} as const;

/** What is usual for each: convex ones bear large steps, those of many columns smaller ones, a whole model that was trained before small ones alone. */
const own: Readonly<
  Record<Trained, Pick<Recipe, 'epochs' | 'patience' | 'hidden'> & { readonly learningRate: number }>
> = {
  logistic: { epochs: 200, patience: 10, learningRate: 0.01, hidden: [] },
  linear: { epochs: 200, patience: 10, learningRate: 0.01, hidden: [] },
  mlp: { epochs: 100, patience: 10, learningRate: 0.003, hidden: [64] },
  cnn: { epochs: 60, patience: 8, learningRate: 0.003, hidden: [16, 32, 64] },
  head: { epochs: 20, patience: 3, learningRate: 0.001, hidden: [] },
  whole: { epochs: 3, patience: 1, learningRate: 0.00003, hidden: [] },
};

/** A recipe with all that its file leaves out. */
export function fillRecipe(
  { learningRate, learningRateMultiplier = 1, split, ...given }: RecipeFile,
  trained: Trained,
): Recipe {
  const { learningRate: rate, ...others } = own[trained];
  const schedule = typeof learningRate === 'object' ? learningRate : { rate: learningRate ?? rate };
  return {
    ...usual,
    ...others,
    ...given,
    learningRate: { ...schedule, rate: schedule.rate * learningRateMultiplier },
    split: { ...usual.split, ...split },
  };
}

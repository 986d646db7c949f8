import type { Recipe, RecipeFile } from './recipe.ts';

/** What is trained: a network of a kind, a head on a model's vectors, of one layer or an MLP, or a whole model. */
export type Trained = 'mlp' | 'cnn' | 'logistic' | 'linear' | 'head' | 'mlpHead' | 'whole';

const usual = {
  batchRows: 32,
  localSteps: 10,
  seed: 1,
  optimizer: { kind: 'adam' },
  split: { validation: 0.1, test: 0.2 },
} as const;

/**
 * What is usual for each: convex ones bear large steps, those of many columns smaller ones, a whole model that was
 * trained before small ones alone.
 */
const usualOf: Readonly<
  Record<Trained, Pick<Recipe, 'epochs' | 'patience' | 'hidden'> & { readonly learningRate: number }>
> = {
  logistic: { epochs: 200, patience: 10, learningRate: 0.01, hidden: [] },
  linear: { epochs: 200, patience: 10, learningRate: 0.01, hidden: [] },
  mlp: { epochs: 100, patience: 10, learningRate: 0.003, hidden: [64] },
  cnn: { epochs: 60, patience: 8, learningRate: 0.003 },
  head: { epochs: 20, patience: 3, learningRate: 0.001, hidden: [] },
  mlpHead: { epochs: 30, patience: 3, learningRate: 0.0005, hidden: [256] },
  whole: { epochs: 3, patience: 1, learningRate: 0.00003, hidden: [] },
};

/** What is trained that has such a setting; in others it would mean nothing, and whoever wrote it would not know. */
const meant: Readonly<Record<'hidden' | 'pictureSide', readonly Trained[]>> = {
  hidden: ['mlp', 'mlpHead', 'cnn'],
  pictureSide: ['cnn'],
};
const words: Readonly<Record<Trained, string>> = {
  logistic: '--new logistic',
  linear: '--new linear',
  mlp: '--new mlp',
  cnn: '--new cnn',
  head: '--head linear',
  mlpHead: '--head mlp',
  whole: 'a whole model',
};

/** Of a network for one kind of target: the losses that are of it. Of others the loss says what they tell. */
const losses: Readonly<
  Partial<Record<Trained, { readonly tells: string; readonly kinds: readonly string[]; readonly other: string }>>
> = {
  linear: { tells: 'predicts a number', kinds: ['mean-squared-error'], other: 'logistic' },
  logistic: { tells: 'tells classes', kinds: ['cross-entropy', 'binary-cross-entropy'], other: 'linear' },
};

/** A recipe with all that its file leaves out. Throws an Error where it has what is of other networks. */
export function fillRecipe(
  { learningRate, learningRateMultiplier = 1, split, ...given }: RecipeFile,
  trained: Trained,
): Recipe {
  for (const [name, kinds] of Object.entries(meant))
    if (Object.hasOwn(given, name) && !kinds.includes(trained))
      throw new Error(
        `recipe: '${name}' is of ${kinds.map((kind) => words[kind]).join(' or ')}, and ${words[trained]} has none: expected a recipe without it`,
      );
  const { loss } = given;
  const own = losses[trained];
  if (loss && own && loss.kind !== 'cosine' && !own.kinds.includes(loss.kind))
    throw new Error(
      `recipe: ${words[trained]} ${own.tells}, and the loss ${loss.kind} does not: expected ${own.kinds.join(' or ')}, or --new ${own.other} or --new mlp`,
    );
  const { learningRate: rate, ...others } = usualOf[trained];
  const schedule = typeof learningRate === 'object' ? learningRate : { rate: learningRate ?? rate };
  return {
    ...usual,
    ...others,
    ...given,
    learningRate: { ...schedule, rate: schedule.rate * learningRateMultiplier },
    split: { ...usual.split, ...split },
  };
}

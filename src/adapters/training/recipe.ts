import type { Loss } from '../../graph/gradient/losses/loss.ts';
import type { Schedule } from '../../graph/gradient/optimizers/learning-rate.ts';
import type { Optimizer } from '../../graph/gradient/optimizers/optimizer.ts';

/** How a model is trained. With the data, it says what comes out, to the byte. */
export interface Recipe {
  /** Passes over the rows, at most. */
  readonly epochs: number;
  readonly batchRows: number;
  /** It ends once so many passes in a row brought nothing for the rows of validation. */
  readonly patience: number;
  /** Steps that each of several workers takes before they are brought together. */
  readonly localSteps: number;
  /** Of the split, of the first weights and of the order of rows. */
  readonly seed: number;
  readonly learningRate: Schedule;
  readonly optimizer: Optimizer;
  /** @default cross-entropy for classes, the mean of squares for numbers */
  readonly loss?: TrainingLoss;
  readonly l1?: number;
  readonly l2?: number;
  readonly clipNorm?: number;
  /** Parts of the rows, from 0 to 1. */
  readonly split: { readonly validation: number; readonly test: number };
  /** Sizes of the layers of a new MLP or head, channels of a new CNN. @default of a CNN, by the size of its pictures */
  readonly hidden?: readonly number[];
  /** Sides of the pictures that a new CNN takes, in pixels. @default as they mostly are, up to 32 */
  readonly pictureSide?: number;
}

/** What can be learned from a column of labels or numbers. */
export type TrainingLoss = Extract<
  Loss,
  { readonly kind: 'cross-entropy' | 'binary-cross-entropy' | 'mean-squared-error' | 'cosine' }
>;

/** What a `recipe.json` may have: all that it leaves out is as usual. */
export type RecipeFile = Partial<Omit<Recipe, 'learningRate' | 'split'>> & {
  readonly learningRate?: number | Schedule;
  /** Times the learning rate that it says, or the usual one. */
  readonly learningRateMultiplier?: number;
  readonly split?: Partial<Recipe['split']>;
};

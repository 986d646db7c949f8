/** What is made small in training. Each takes the mean over what is in a batch. */
export type Loss =
  | CrossEntropy
  | { readonly kind: 'mean-squared-error' }
  | { readonly kind: 'binary-cross-entropy' }
  | Distillation
  | { readonly kind: 'cosine' };

export interface CrossEntropy {
  readonly kind: 'cross-entropy';
  /** The share of a label that is spread evenly over all classes, from 0 to 1. @default 0 */
  readonly labelSmoothing?: number;
  /** How much each class counts. @default all the same */
  readonly classWeights?: readonly number[];
}

export interface Distillation {
  readonly kind: 'distillation';
  /** Softens what the teacher says: the higher, the more its smaller probabilities count. @default 1 */
  readonly temperature?: number;
}

/**
 * What of a tensor's row is looked at: the element at a place of it; of a row that is too long for that, the mean and
 * deviation of its elements; of texts the text itself, where there are few, or its length; of an output, the place of
 * the largest element.
 */
export type FeaturePart = number | 'mean' | 'deviation' | 'text' | 'length' | 'largest';

/** A number or word that each row of a model's inputs, or of its outputs, has. */
export interface Feature {
  readonly side: 'input' | 'output';
  readonly tensor: string;
  readonly part: FeaturePart;
}

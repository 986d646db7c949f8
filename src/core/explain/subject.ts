import type { InputTensor } from '../../protocol/inference.ts';
import type { Item } from '../tasks/predict.ts';
import type { TypicalInputs } from './typical-inputs.ts';

/** What an answer is explained to: an item of the model's task, or tensors. */
export type Subject = (
  | { readonly item: Item; readonly tensors?: undefined; readonly baseline?: undefined }
  | { readonly item?: undefined; readonly tensors: readonly InputTensor[]; readonly baseline?: readonly InputTensor[] }
) & {
  /** What the inputs of a table usually are, where the caller says nothing of it, and it is known. */
  readonly typical?: TypicalInputs | undefined;
};

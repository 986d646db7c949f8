import type { InputTensor } from '../../protocol/inference.ts';
import type { Item } from '../tasks/predict.ts';

/** What an answer is explained to: an item of the model's task, or tensors. */
export type Subject =
  | { readonly item: Item; readonly tensors?: undefined }
  | { readonly item?: undefined; readonly tensors: readonly InputTensor[]; readonly baseline?: readonly InputTensor[] };

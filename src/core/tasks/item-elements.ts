import type { InferenceRequest, InputTensor } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { predictionOutput } from './item-input.ts';

/** What an infer request has in place of tensors, as messages call it, and how many at most. */
interface Wanted {
  readonly what: 'items' | 'texts';
  readonly most: number;
}

/**
 * The elements of an infer request with one input of items. Throws ServiceError 400 for another output or datatype, 413
 * for too many.
 */
export function itemElements(
  { inputs, outputs = [] }: InferenceRequest,
  { what, most }: Wanted,
): readonly Uint8Array[] {
  const other = outputs.find(({ name }) => name !== predictionOutput);
  if (other)
    throw new ServiceError(
      400,
      `output '${other.name}': ${what} are answered by the output '${predictionOutput}' alone; send tensors for the model's own`,
    );
  const { name, datatype, data } = inputs[0] as InputTensor;
  if (datatype !== 'BYTES') throw new ServiceError(400, `input '${name}': expected datatype BYTES, got ${datatype}`);
  if (data.length > most)
    throw new ServiceError(413, `input '${name}': expected ${most} ${what} at most, got ${data.length}`);
  return data as readonly Uint8Array[];
}

import type { ModelVersion } from '../../core/model-version.ts';
import { isColor } from '../../core/pictures/is-color.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';

/** @param route where a model without a task takes tensors */
export function noTask({ label, name, folder, signature }: ModelVersion, route: 'infer' | 'explain'): ServiceError {
  const why = folder && ` (${folder})`;
  const inputs = signature?.inputs ?? [];
  const isOfNumbers = inputs.every(({ datatype }) => datatype !== 'BYTES');
  const otherwise =
    route === 'infer' || isOfNumbers
      ? `, or send tensors to /v2/models/${name}/${route}`
      : '; tensors are explained where they are numbers';
  return new ServiceError(
    400,
    `${label} has no task${why}: name one in its model.json, such as {"task": "${likelyTask(inputs)}"}${otherwise}`,
  );
}

/** By what the model takes; it may be another. */
function likelyTask(inputs: readonly TensorSpec[]): string {
  const isOfTexts = ({ name, datatype }: TensorSpec) => datatype === 'BYTES' || name === 'input_ids';
  if (inputs.length === 0 || inputs.some(isOfTexts)) return 'text-classification';
  const isPicture = inputs.some(({ shape }) => shape.length === 4 && (isColor(shape[1]) || isColor(shape[3])));
  return isPicture ? 'image-classification' : 'tabular-classification';
}

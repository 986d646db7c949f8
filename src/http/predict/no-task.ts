import type { ModelVersion } from '../../core/model-version.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** @param route where a model without a task takes tensors */
export function noTask({ label, name, folder }: ModelVersion, route: 'infer' | 'explain'): ServiceError {
  const why = folder && ` (${folder})`;
  return new ServiceError(
    400,
    `${label} has no task${why}: name one in its model.json, such as {"task": "text-classification"}, or send tensors to /v2/models/${name}/${route}`,
  );
}

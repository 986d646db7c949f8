import { ServiceError } from '../../protocol/service-error.ts';
import type { ModelVersion } from '../model-version.ts';
import { taskNameOf } from '../tasks/task-name-of.ts';

/** Throws 400 for a version whose answers are no scores of one item. */
export function refuseUnexplained(version: ModelVersion): void {
  const { label, config } = version;
  if (taskNameOf(version) === 'text-generation')
    throw new ServiceError(
      400,
      `${label} goes on with texts, and generated text is not explained: scores of an item are`,
    );
  if (config.sequence)
    throw new ServiceError(400, `${label} keeps state from request to request; what can be explained is one answer`);
}

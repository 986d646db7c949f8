import type { TaskName } from '../../ports/task.ts';
import type { ModelVersion } from '../model-version.ts';

/**
 * What a version is for: by its settings, or by its folder, of which that is known from its first load on. Undefined:
 * tensors alone.
 */
export function taskNameOf({ config, taskName }: Pick<ModelVersion, 'config' | 'taskName'>): TaskName | undefined {
  return config.task?.name ?? taskName;
}

import type { ModelVersion } from '../model-version.ts';
import { taskNameOf } from './task-name-of.ts';

/**
 * A version and the task that it has, or why it has none, for messages. Of a folder, that is known from its first load
 * on.
 */
export function taskWords(version: ModelVersion): string {
  const { label, folder } = version;
  const task = taskNameOf(version);
  return task ? `${label} has the task ${task}` : `${label} has no task${folder && ` (${folder})`}`;
}

import { ServiceError } from '../../protocol/service-error.ts';
import type { ModelVersion } from '../model-version.ts';
import { taskNameOf } from '../tasks/task-name-of.ts';

/** Throws ServiceError 400 where going on with text is not what a version is for. */
export function checkGeneratesText(version: ModelVersion): void {
  const task = taskNameOf(version);
  if (task === 'text-generation') return;
  const { label, folder } = version;
  const what = task ? `its task is ${task}` : `it has no task${folder && ` (${folder})`}`;
  const advice = 'ask another model, or set "task": "text-generation" in its model.json if it is a decoder';
  throw new ServiceError(400, `${label} does not generate text: ${what}; ${advice}`, { field: 'model' });
}

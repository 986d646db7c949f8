import type { BatchSettings } from '../../core/batch/batch-plan.ts';
import { type RecordItems, recordItems } from '../../core/tasks/record-items.ts';
import type { Task } from '../../core/tasks/task.ts';
import type { OpenInput } from './open-input.ts';

/**
 * How the records of a job are items of its model's task; undefined where they are tensors: the model has no task, the
 * format has nothing else (NPY), or the settings speak of the model's own inputs and outputs.
 */
export function taskRecords(
  task: Task | undefined,
  { format, settings, isDecoded }: Pick<OpenInput, 'format' | 'settings' | 'isDecoded'>,
): RecordItems | undefined {
  if (!task || format === 'npy' || isDecoded || settings.outputs.length > 0) return undefined;
  const isText = format !== 'files' && format !== 'parquet';
  const items = recordItems(task, isText);
  return isOfItems(settings, items) ? items : undefined;
}

/** Whether all that is mapped are inputs of items. */
function isOfItems({ mapping }: BatchSettings, { inputs }: RecordItems): boolean {
  return Object.keys(mapping).every((name) => inputs.some((input) => input.name === name));
}

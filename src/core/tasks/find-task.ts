import type { TaskConfig } from '../../ports/task.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { FolderTask } from '../hugging-face/task-of-folder.ts';
import type { ModelSignature } from '../model-version.ts';
import type { Task } from './task.ts';
import type { TaskModel } from './task-model.ts';

type Model = Pick<TaskModel, 'signature' | 'readText'>;

/** What finds out about tasks; absent: there are none. */
export interface TaskFinder {
  /** What the files beside a model say that it is for; undefined where they say nothing. */
  readonly taskOfFolder: (model: Model) => Promise<FolderTask | undefined>;
  /** Holds a task against a model's signature. Rejects with an Error that says what does not fit. */
  readonly openTask: (task: TaskConfig, model: Model) => Promise<Task>;
}

export interface FoundTask {
  readonly task?: Task | undefined;
  /** With the labels that the folder has for outputs that had none. */
  readonly signature: ModelSignature;
  /** What the folder was taken for, and by what; or why for nothing. Empty where there is nothing to say. */
  readonly folder: string;
}

/**
 * The task of a model: the one that its settings name, or the one that the files beside it are for.
 *
 * Rejects where the first does not fit the model. Where the second does not, that is said, and the model serves tensors alone.
 */
export async function findTask(
  config: TaskConfig | undefined,
  { signature, readText }: Model,
  { taskOfFolder, openTask }: TaskFinder,
): Promise<FoundTask> {
  if (config) return { task: await openTask(config, { signature, readText }), signature, folder: '' };
  const folder = await taskOfFolder({ signature, readText });
  if (!folder) return { signature, folder: '' };
  const labelled = { ...signature, labels: new Map([...folder.labels, ...signature.labels]) };
  if (!folder.config) return { signature: labelled, folder: folder.words };
  try {
    const task = await openTask(folder.config, { signature: labelled, readText });
    return { task, signature: labelled, folder: folder.words };
  } catch (error) {
    if (error instanceof ServiceError && error.status >= 500) throw error;
    return { signature: labelled, folder: `no task: ${(error as Error).message} (${folder.words})` };
  }
}

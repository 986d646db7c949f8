import type { TaskConfig, TaskName } from '../../ports/task.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { FolderTask } from '../hugging-face/task-of-folder.ts';
import type { ModelSignature } from '../model-version.ts';

export interface FoundTask {
  /** Absent: tensors are all that it takes. */
  readonly name?: TaskName;
  /** With the labels that the folder, or else the graph, has for outputs that had none. */
  readonly signature: ModelSignature;
  /** What the folder was taken for, and by what; or why for nothing. Empty where there is nothing to say. */
  readonly folder: string;
}

/** What a model takes and gives, and who names its classes. */
export interface NamedSignature {
  /** With the labels of its settings. */
  readonly signature: ModelSignature;
  /** Labels that the graph holds. */
  readonly classes: Readonly<Record<string, readonly string[]>>;
}

/**
 * Opens the task of a model: the one that its settings name, or the one that the files beside it are for.
 *
 * Rejects where the first does not fit the model. Where the second does not, that is said, and the model serves tensors
 * alone.
 */
export async function findTask(
  config: TaskConfig | undefined,
  { signature, classes }: NamedSignature,
  taskOfFolder: (() => Promise<FolderTask | undefined>) | undefined,
  open: (config: TaskConfig, signature: ModelSignature) => Promise<unknown>,
): Promise<FoundTask> {
  const withLabels = (folder: FolderTask['labels'] = new Map()): ModelSignature => ({
    ...signature,
    labels: new Map([...Object.entries(classes), ...folder, ...signature.labels]),
  });
  const plain = withLabels();
  if (config) {
    await open(config, plain);
    return { name: config.name, signature: plain, folder: '' };
  }
  const folder = await taskOfFolder?.();
  if (!folder) return { signature: plain, folder: '' };
  const labelled = withLabels(folder.labels);
  if (!folder.config) return { signature: labelled, folder: folder.words };
  try {
    await open(folder.config, labelled);
    return { name: folder.config.name, signature: labelled, folder: folder.words };
  } catch (error) {
    // What the store could not read just now may be there the next time.
    if (error instanceof ServiceError && error.status >= 500) throw error;
    return { signature: labelled, folder: `no task: ${(error as Error).message} (${folder.words})` };
  }
}

import type { ModelStore } from '../ports/model-store.ts';
import type { Session } from '../ports/session.ts';
import type { TaskConfig } from '../ports/task.ts';
import type { ModelSignature, ModelVersion } from './model-version.ts';
import { readLabels } from './read-labels.ts';
import { withoutState } from './sequences/without-state.ts';
import type { SessionCacheOptions } from './session-cache-options.ts';
import { findTask } from './tasks/find-task.ts';

/**
 * Notes what a version takes and gives, and opens its task, by its session, its settings and the files beside it.
 * Rejects where these do not go together.
 */
export async function describeVersion(
  version: ModelVersion,
  session: Session,
  store: ModelStore,
  { taskOfFolder, openTask, openLanguageModel }: SessionCacheOptions,
): Promise<void> {
  const { sequence, task } = version.config;
  const plain = {
    ...withoutState(session, sequence?.state ?? [], 'model.json: sequence.state'),
    unservable: session.unservable,
    labels: await readLabels(store, version, session),
  };
  const readText = (file: string) => store.readText(version.name, version.version, file);
  version.task = undefined;
  const open = async (config: TaskConfig, signature: ModelSignature) => {
    if (config.name === 'text-generation')
      version.languageModel = await openLanguageModel?.(version, config, { session, readText });
    else version.task = await openTask?.(config, { signature, readText });
  };
  // What keeps state is asked by tensors alone.
  const ofFolder = sequence || !taskOfFolder ? undefined : () => taskOfFolder({ signature: plain, readText });
  const { name, signature, folder } = await findTask(
    task,
    { signature: plain, classes: version.classes },
    ofFolder,
    open,
  );
  Object.assign(version, { taskName: name, signature, folder });
}

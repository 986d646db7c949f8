import type { ModelStore } from '../ports/model-store.ts';
import type { Session } from '../ports/session.ts';
import type { ModelVersion } from './model-version.ts';
import { readLabels } from './read-labels.ts';
import { withoutState } from './sequences/without-state.ts';
import { findTask, type TaskFinder } from './tasks/find-task.ts';

/** Notes what a version takes and gives, and its task, by its session, its settings and the files beside it. Rejects where these do not go together. */
export async function describeVersion(
  version: ModelVersion,
  session: Session,
  store: ModelStore,
  tasks: TaskFinder | undefined,
): Promise<void> {
  const { sequence, task } = version.config;
  const plain = {
    ...withoutState(session, sequence?.state ?? [], 'model.json: sequence.state'),
    unservable: session.unservable,
    labels: await readLabels(store, version, session),
  };
  const readText = (file: string) => store.readText(version.name, version.version, file);
  // What keeps state is asked by tensors alone.
  const found = tasks && !sequence ? await findTask(task, { signature: plain, readText }, tasks) : undefined;
  version.task = found?.task;
  version.folder = found?.folder ?? '';
  version.signature = found?.signature ?? plain;
}

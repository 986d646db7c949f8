import type { RewritableStore } from '../../ports/object-store.ts';
import { readJson } from '../batch/read-json.ts';
import { replaceJson } from '../batch/replace-json.ts';
import { eventsFile, type JobEvents, runFiles } from './run-files.ts';

/** Adds a line to what a job said, where no process of its own says anything meanwhile. */
export async function addJobEvent(data: RewritableStore, id: string, message: string, at: Date): Promise<void> {
  const output = runFiles(data, id);
  const { events, dropped } = (await readJson<JobEvents>(output, eventsFile)) ?? { events: [], dropped: 0 };
  const said: JobEvents = { events: [...events, { at: Math.floor(at.getTime() / 1000), message }], dropped };
  await replaceJson(data, output.keyOf(eventsFile), said);
}

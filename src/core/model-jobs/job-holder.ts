import type { ObjectStore } from '../../ports/object-store.ts';
import { readJson } from '../batch/read-json.ts';
import { type JobStart, startedFile } from './run-files.ts';

/** Stored by who goes on with a job in place of `by`, which is no more: as `started.json`, by one alone. */
export function takenFile(by: string): string {
  return `after-${by}.json`;
}

/** Who has a job: who began it, or went on with it last; undefined where it was not begun. */
export async function holderOf(output: ObjectStore): Promise<string | undefined> {
  let by: string | undefined;
  let start = await readJson<JobStart>(output, startedFile);
  while (start) {
    by = start.by;
    start = await readJson<JobStart>(output, takenFile(by));
  }
  return by;
}

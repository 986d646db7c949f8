import type { ObjectStore } from '../../ports/object-store.ts';
import { readJson } from '../batch/read-json.ts';
import type { ModelJob } from './model-job.ts';
import { modelJobKey } from './model-job-key.ts';

/** A job as it was asked for; undefined where there is none. */
export function findModelJob(data: ObjectStore, id: string): Promise<ModelJob | undefined> {
  return readJson<ModelJob>(data, modelJobKey(id));
}

import type { ModelJob } from './model-job.ts';
import { modelJobPlaces } from './model-job-places.ts';

/** Where in the data store a job keeps how far it is, without the '/' behind it; undefined where its kind does not. */
export function checkpointsPlace({ id, kind }: Pick<ModelJob, 'id' | 'kind'>): string | undefined {
  return kind === 'train' ? `${modelJobPlaces.checkpoints}${id}` : undefined;
}

import type { ModelJob } from './model-job.ts';
import { modelJobPlaces } from './model-job-places.ts';

/**
 * Where in the data store the rounds of a job lie, without the '/' behind it; undefined where it is no training by
 * several workers.
 */
export function roundsPlace({ id, kind, options }: Pick<ModelJob, 'id' | 'kind' | 'options'>): string | undefined {
  return kind === 'train' && Number(options.workers ?? 1) > 1 ? `${modelJobPlaces.rounds}${id}` : undefined;
}

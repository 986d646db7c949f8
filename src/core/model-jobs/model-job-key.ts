import { modelJobPlaces } from './model-job-places.ts';

/** Where a job is kept as it was asked for. */
export function modelJobKey(id: string): string {
  return `${modelJobPlaces.jobs}${id}.json`;
}

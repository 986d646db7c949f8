import { ServiceError } from '../../protocol/service-error.ts';
import type { readReleases } from './read-releases.ts';

/**
 * Throws ServiceError 409 where a version was deleted, 503 where its model's releases cannot tell: a number is given
 * once.
 */
export function refuseDeleted(
  { value, problem }: Awaited<ReturnType<typeof readReleases>>,
  version: number,
  label: string,
): void {
  if (problem !== undefined)
    throw new ServiceError(503, `${label} cannot be stored while nobody knows which were deleted: ${problem}`);
  if (!value.versionNotes[version]?.deleted) return;
  throw new ServiceError(409, `${label} was deleted, and its number is not given again; store it as another version`);
}

import type { ReleaseState } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { namedVersions } from './named-versions.ts';

/** Throws ServiceError 409 where an alias names a version that was deleted. */
export function checkReleases(label: string, { aliases, versionNotes }: ReleaseState): void {
  for (const [alias, target] of Object.entries(aliases)) {
    const gone = namedVersions(target).find((version) => versionNotes[version]?.deleted);
    if (gone === undefined) continue;
    throw new ServiceError(409, `${label}: alias '${alias}' would name version ${gone}, which is deleted`);
  }
}

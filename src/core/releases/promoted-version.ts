import type { AliasTarget } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/**
 * The version that `promote` means where none is named: the canary. Throws ServiceError 409 where there is none, or it
 * was taken back.
 */
export function promotedVersion(alias: string, seen: AliasTarget | undefined): number {
  const canary = seen?.canary;
  if (!canary) throw new ServiceError(409, `alias '${alias}' has no canary to promote: name a version`);
  if (canary.stopped === undefined) return canary.version;
  throw new ServiceError(
    409,
    `the canary of alias '${alias}', version ${canary.version}, was taken back: ${canary.stopped}; name the version to promote it all the same`,
  );
}

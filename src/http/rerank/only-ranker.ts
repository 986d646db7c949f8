import type { ModelRepository } from '../../core/model-repository.ts';
import { seenBy } from '../../core/seen-by.ts';
import { canRank } from '../../core/tasks/can-rank.ts';
import type { Caller } from '../../ports/caller.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/**
 * The one model that ranks texts, of those that the caller may use. Throws 400 with their names where there is none, or
 * several, 503 where it is not known yet what is there.
 */
export function onlyRanker(
  repository: Pick<ModelRepository, 'listed' | 'versions'>,
  caller: Caller | undefined,
): string {
  const found = seenBy(caller, repository.listed()).filter((name) => {
    const version = repository.versions(name).findLast(({ ready }) => ready);
    return version && canRank(version);
  });
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const known = found.length === 0 ? 'none is known to' : found.join(', ');
  const message = `field 'model': expected the name of a model that ranks texts (${known}), got nothing`;
  throw new ServiceError(400, message, { field: 'model' });
}

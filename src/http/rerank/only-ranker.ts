import type { ModelRepository } from '../../core/model-repository.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import { seenBy } from '../../core/seen-by.ts';
import { canRank } from '../../core/tasks/can-rank.ts';
import { taskNameOf } from '../../core/tasks/task-name-of.ts';
import type { Caller } from '../../ports/caller.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/**
 * The one model that ranks texts, of those that the caller may use. Throws 400 with their names where there is none, or
 * several, 503 where that is not known yet.
 */
export function onlyRanker(
  repository: Pick<ModelRepository, 'listed' | 'versions'>,
  caller: Caller | undefined,
): string {
  const names = seenBy(caller, repository.listed());
  const found = names.filter((name) => {
    const version = repository.versions(name).findLast(({ ready }) => ready);
    return version && canRank(version);
  });
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const coming = names.find((name) => repository.versions(name).some(mayComeToRank));
  if (only === undefined && coming !== undefined) {
    const message = `it is not known yet which model ranks texts: '${coming}' is still loading`;
    throw new ServiceError(503, message, { retryAfterSeconds: 1 });
  }
  const known = found.length === 0 ? 'none is known to' : found.join(', ');
  const message = `field 'model': expected the name of a model that ranks texts (${known}), got nothing`;
  throw new ServiceError(400, message, { field: 'model' });
}

/** Whether it loads, or is about to, and nothing says yet that it does something else. */
function mayComeToRank(version: ModelVersion): boolean {
  if (version.ready || version.reason !== '') return false;
  return taskNameOf(version) === undefined || canRank(version);
}

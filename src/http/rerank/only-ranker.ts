import type { ModelRepository } from '../../core/model-repository.ts';
import { canRank } from '../../core/tasks/can-rank.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { HttpRequest } from '../http-message.ts';

/** The one model that ranks texts, of those that the caller may use. Throws 400 with their names where there is none, or several. */
export function onlyRanker(
  repository: Pick<ModelRepository, 'names' | 'versions'>,
  mayUse: HttpRequest['mayUse'],
): string {
  const found = repository.names().filter((name) => {
    const version = repository.versions(name).findLast(({ ready }) => ready);
    return version && canRank(version) && isAllowed(name, mayUse);
  });
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const known = found.length === 0 ? 'none is known to' : found.join(', ');
  const message = `field 'model': expected the name of a model that ranks texts (${known}), got nothing`;
  throw new ServiceError(400, message, { field: 'model' });
}

function isAllowed(name: string, mayUse: HttpRequest['mayUse']): boolean {
  try {
    mayUse?.(name, 'infer');
    return true;
  } catch {
    return false;
  }
}

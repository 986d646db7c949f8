import type { AliasTarget } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/**
 * An alias of a model with these versions, one step back: its canary gets no more calls; one that has none leads to
 * what it led to before. Throws ServiceError 409 where there is nothing to go back to, or where the canary was taken
 * back already: whoever wants to stop that must not undo what came before it.
 */
export function rolledBack(
  alias: string,
  seen: AliasTarget | undefined,
  versions: readonly number[],
  reason: string,
): AliasTarget {
  if (!seen)
    throw new ServiceError(
      409,
      `there is no alias '${alias}' to roll back: tensorgate alias <model> ${alias}=<version>, or promote <model>@<version>, makes it`,
    );
  const { canary, previous, version } = seen;
  if (canary && canary.stopped === undefined) return { ...seen, canary: { ...canary, percent: 0, stopped: reason } };
  const back =
    previous === undefined || !versions.includes(previous)
      ? ''
      : `; tensorgate alias <model> ${alias}=${previous} goes back further`;
  if (canary) {
    throw new ServiceError(
      409,
      `the canary of alias '${alias}', version ${canary.version}, was taken back already: ${canary.stopped}${back}`,
    );
  }
  if (previous === undefined) {
    throw new ServiceError(
      409,
      `alias '${alias}' leads to version ${version}, and there is no step back from there: it is the first, or was rolled back to; tensorgate alias <model> ${alias}=<version> lets it lead to any`,
    );
  }
  // Without what it led to: of two who see the same errors, the second must not bring the bad version back.
  return { version: previous };
}

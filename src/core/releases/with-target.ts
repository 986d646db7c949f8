import type { AliasTarget, ReleaseState } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { sameTarget } from './same-target.ts';
import { targetWords } from './target-words.ts';

/**
 * The releases with another target of an alias, provided that it is still the one that was `seen` when somebody decided on it. Throws
 * ServiceError 409 that says what changed meanwhile.
 */
export function withTarget(
  before: ReleaseState,
  alias: string,
  seen: AliasTarget | undefined,
  target: AliasTarget,
): ReleaseState {
  const now = Object.hasOwn(before.aliases, alias) ? before.aliases[alias] : undefined;
  if (!sameTarget(now, seen)) {
    throw new ServiceError(
      409,
      `somebody else changed alias '${alias}' meanwhile: it led to ${targetWords(seen)}, and leads to ${targetWords(now)} now; nothing was changed, look at it and decide anew`,
    );
  }
  if (sameTarget(now, target)) return before;
  return { ...before, aliases: { ...before.aliases, [alias]: target } };
}

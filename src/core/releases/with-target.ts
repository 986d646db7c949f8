import type { AliasTarget, ReleaseState } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { sameTarget } from './same-target.ts';
import { targetWords } from './target-words.ts';

/**
 * The releases with another target of an alias, or without it, provided that it is still the one that was `seen` when
 * somebody decided on it. Throws ServiceError 409 that says what changed meanwhile.
 */
export function withTarget(
  before: ReleaseState,
  alias: string,
  seen: AliasTarget | undefined,
  target: AliasTarget | undefined,
): ReleaseState {
  const now = Object.hasOwn(before.aliases, alias) ? before.aliases[alias] : undefined;
  if (!sameTarget(now, seen)) {
    throw new ServiceError(
      409,
      `somebody else changed alias '${alias}' meanwhile: it led to ${targetWords(seen)}, and leads to ${targetWords(now)} now; nothing was changed, look at it and decide anew`,
    );
  }
  if (sameTarget(now, target)) return before;
  const { [alias]: _before, ...others } = before.aliases;
  return { ...before, aliases: target ? { ...before.aliases, [alias]: target } : others };
}

import type { StoredModel } from '../ports/model-store.ts';
import { namedVersions } from './releases/named-versions.ts';

/**
 * The versions of a model that its policy serves, ascending; what an alias names, as its version or for a part of its
 * calls, is always served.
 *
 * The latest are the latest that work: one that is `broken` gives its place to an older one, and stays selected, to be
 * tried again.
 */
export function selectVersions(
  { config, versions, aliases }: StoredModel,
  broken: ReadonlySet<number> = new Set(),
): readonly number[] {
  const policy = config.versionPolicy;
  const aliased = new Set(Object.values(aliases).flatMap(namedVersions));
  let places = policy.kind === 'latest' ? policy.count : 0;
  const selected = [...versions].reverse().filter((version) => {
    if (policy.kind === 'all') return true;
    if (policy.kind === 'specific') return aliased.has(version) || policy.versions.includes(version);
    const isLatest = places > 0;
    if (isLatest && !broken.has(version)) places -= 1;
    return isLatest || aliased.has(version);
  });
  return selected.reverse();
}

import type { AliasTarget } from '../../ports/model-store.ts';

/**
 * An alias that leads to `version` from now on. What it led to before is what it goes back to; its canary and its
 * shadow, which were held against that, end.
 *
 * @param forced what the gate had against the version, where it is promoted all the same
 */
export function movedTarget(seen: AliasTarget | undefined, version: number, forced?: string): AliasTarget {
  const previous = seen?.version === version ? seen.previous : seen?.version;
  return { version, ...(previous === undefined ? {} : { previous }), ...(forced === undefined ? {} : { forced }) };
}

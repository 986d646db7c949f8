import type { ModelVersion } from './model-version.ts';

/**
 * Whether the session of a version may be let go to make room. That of an ensemble takes none, and what was replaced may
 * have no files any more.
 */
export function isIdle({ users, isReplaced, config }: ModelVersion): boolean {
  return users === 0 && !isReplaced && !config.pinned && !config.ensemble;
}

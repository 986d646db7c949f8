import type { ModelVersion } from './model-version.ts';

/** Whether the session of a version may be let go to make room; that of an ensemble takes none. */
export function isIdle({ users, config }: ModelVersion): boolean {
  return users === 0 && !config.pinned && !config.ensemble;
}

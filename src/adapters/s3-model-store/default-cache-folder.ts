import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where downloaded versions are kept: TENSORGATE_CACHE; on Lambda its /tmp, the one place that can be written; else the
 * user's cache.
 */
export function defaultCacheFolder(environment: NodeJS.ProcessEnv): string {
  if (environment.TENSORGATE_CACHE) return environment.TENSORGATE_CACHE;
  if (environment.AWS_LAMBDA_FUNCTION_NAME) return join(tmpdir(), 'tensorgate');
  // Not /tmp: on a machine that others use too, what lies there by a name that can be guessed may be theirs.
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tensorgate');
}

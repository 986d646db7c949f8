import { forgetClaims } from '../core/batch-jobs/forget-claims.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import { each } from './each.ts';
import type { ServiceLog } from './service-log.ts';

const everyMs = 60 * 60 * 1000;

/**
 * Has what says which job a request began go from a folder once it is old, at once and each hour, until what it gives
 * is called.
 */
export function dropOldClaims(data: ObjectStore, log: ServiceLog): () => void {
  const drop = () => forgetClaims(data, new Date());
  const failed = (err: unknown) => log.error({ err }, 'what says which jobs old requests began could not be removed');
  void drop().catch(failed);
  return each(everyMs, drop, failed);
}

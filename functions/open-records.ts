import { openCallRecords } from '../src/adapters/open-call-records.ts';
import type { Environment } from './read-environment.ts';
import { serviceLog } from './service-log.ts';

/**
 * What the deployment wants to be kept of calls; undefined: nothing. It is written when the function says so.
 *
 * @param atOnce calls that share the function's memory
 */
export function openRecords({ models, audit, auditBodies, usageSeconds, memoryGigabytes }: Environment, atOnce = 1) {
  return openCallRecords({
    models,
    kind: 'lambda',
    audit,
    auditBodies,
    usage: usageSeconds !== undefined,
    // Lambda bills all of it, whatever a call needs.
    gigabytesOf: () => memoryGigabytes / atOnce,
    gigabytes: memoryGigabytes,
    everyMs: 0,
    log: serviceLog,
  });
}

import { openCallRecords } from '../src/adapters/open-call-records.ts';
import type { Environment } from './read-environment.ts';
import { serviceLog } from './service-log.ts';

/** What the deployment wants to be kept of calls; undefined: nothing. It is written when the function says so. */
export function openRecords({ models, audit, auditBodies, usageSeconds, memoryGigabytes }: Environment) {
  return openCallRecords({
    models,
    kind: 'lambda',
    audit,
    auditBodies,
    usage: usageSeconds !== undefined,
    // All of it is a call's own, for there is one at a time, and Lambda bills all of it.
    gigabytesOf: () => memoryGigabytes,
    gigabytes: memoryGigabytes,
    everyMs: 0,
    log: serviceLog,
  });
}

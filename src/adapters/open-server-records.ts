import type { DataPlane } from '../core/data-plane.ts';
import type { CallRecords } from './open-call-records.ts';
import type { ServerOptions } from './server-options.ts';
import type { ServiceLog } from './service-log.ts';

/**
 * Begins to keep records of a server's calls; undefined where nothing is to be kept, and what does it is not loaded
 * then.
 */
export async function openServerRecords(
  {
    models,
    audit = 'off',
    auditBodies = 0,
    usage = false,
    recordsEveryMs = 5000,
    intraOpThreads,
  }: Pick<ServerOptions, 'models' | 'audit' | 'auditBodies' | 'usage' | 'recordsEveryMs' | 'intraOpThreads'>,
  log: ServiceLog,
  dataPlane: () => DataPlane,
): Promise<CallRecords | undefined> {
  if (audit === 'off' && !usage) return undefined;
  const [{ openCallRecords }, { gigabytesOfModels }] = await Promise.all([
    import('./open-call-records.ts'),
    import('./usage/gigabytes-of-models.ts'),
  ]);
  const gigabytesOf = gigabytesOfModels(dataPlane, intraOpThreads);
  const kept = { audit, auditBodies, usage, gigabytesOf };
  return openCallRecords({ models, kind: 'server', ...kept, everyMs: recordsEveryMs, log });
}

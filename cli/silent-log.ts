import type { ServiceLog } from '../src/adapters/service-log.ts';

/** Of a service within a command, which tells what goes wrong itself. */
export const silentLog: ServiceLog = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

import type { ServerOptions } from './server-options.ts';
import type { ServiceLog } from './service-log.ts';

/** Says which models a server is to serve and has not; readiness waits for those alone that there are. */
export function warnOfMissing(
  log: Pick<ServiceLog, 'warn'>,
  { models, only }: Pick<ServerOptions, 'models' | 'only'>,
  names: readonly string[],
): void {
  const missing = only?.filter((name) => !names.includes(name)) ?? [];
  if (missing.length > 0)
    log.warn({ missing }, `--only names models that ${models} has not; tensorgate push adds them`);
  else if (names.length === 0) log.warn({}, `no models in ${models}; tensorgate push adds one`);
}

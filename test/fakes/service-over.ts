import { createService, type Service, type ServiceOptions } from '../../src/adapters/create-service.ts';
import { DirectoryModelStore } from '../../src/adapters/directory-model-store/directory-model-store.ts';
import { defaultLimits } from '../../src/settings.ts';

/** A service of two runs at once over the models in `folder`, which it has not looked at yet. */
export function serviceOver(folder: string, options: Partial<ServiceOptions> = {}): Service {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return createService({
    store: new DirectoryModelStore(folder),
    basePath: '',
    concurrency: 2,
    intraOpThreads: 1,
    memoryBudget: 1e9,
    limits: defaultLimits,
    engine: 'native',
    log,
    ...options,
  });
}

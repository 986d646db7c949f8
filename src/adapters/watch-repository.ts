import type { ModelStore } from '../ports/model-store.ts';
import type { Service } from './create-service.ts';
import { each } from './each.ts';
import type { ServiceLog } from './service-log.ts';

/**
 * Takes in what comes into the store, and what aliases lead to, until what it gives is called.
 *
 * @param releaseSeconds between two looks at aliases
 */
export function watchRepository(
  store: ModelStore,
  { refresh, refreshReleases }: Service,
  releaseSeconds: number,
  log: ServiceLog,
): () => void {
  const endWatch = store.watch(
    () =>
      void refresh().catch((error) =>
        log.error({ err: error }, 'the model repository could not be read; what is loaded stays'),
      ),
  );
  const endLooks = each(releaseSeconds * 1000, refreshReleases, (error) =>
    log.error({ err: error }, 'aliases could not be read; what they led to stays'),
  );
  return () => {
    endWatch();
    endLooks();
  };
}

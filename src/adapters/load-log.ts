import type { ModelVersion } from '../core/model-version.ts';
import type { SessionCacheOptions } from '../core/session-cache-options.ts';
import { saysAll } from './says-all.ts';
import type { ServiceLog } from './service-log.ts';

/**
 * Tells the log when a version begins to serve, is let go, or does not load: of loads that fail again as before, once.
 */
export function loadLog(
  log: ServiceLog,
): Required<Pick<SessionCacheOptions, 'onLoaded' | 'onReleased' | 'onLoadFailed'>> {
  const failures = new WeakMap<ModelVersion, string>();
  return {
    onLoaded: (version, { form, whyPlain, whyNotCuda }) => {
      failures.delete(version);
      const fields = {
        ...fieldsOf(version, version.reason),
        form,
        ...(version.folder && { folder: version.folder }),
        // That nobody has prepared it needs no words.
        ...((form === 'unfit' || form === 'refused') && { whyPlain }),
        ...(whyNotCuda && { whyNotCuda }),
      };
      if (form === 'refused') log.warn(fields, 'a version serves; its prepared form was refused');
      else if (whyNotCuda) log.warn(fields, 'a version serves on the processor, as the GPU cannot be had');
      else log.info(fields, 'a version serves');
    },
    onReleased: (version, reason) => log.info(fieldsOf(version, reason), 'a version was let go'),
    onLoadFailed: (version, error) => {
      const failure = `${version.reason} ${(error as Error).message}`;
      if (failures.get(version) === failure) return;
      failures.set(version, failure);
      if (saysAll(error)) log.warn(fieldsOf(version, version.reason), 'a version did not load');
      else log.error({ ...fieldsOf(version, ''), err: error }, 'a version did not load');
    },
  };
}

function fieldsOf({ name, version }: ModelVersion, reason: string): object {
  return { model: name, version, ...(reason && { reason }) };
}

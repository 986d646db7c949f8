import type { Logger } from 'pino';
import type { HttpRequest, HttpResponse } from '../http/http-message.ts';
import type { OnCall } from '../ports/answered-call.ts';
import { LocalBatches } from './batch/local-batches.ts';
import { checkWritable } from './directory-object-store/check-writable.ts';
import { DirectoryObjectStore } from './directory-object-store/directory-object-store.ts';
import { dropOldClaims } from './drop-old-claims.ts';
import type { LocalModelJobs } from './model-jobs/local-model-jobs.ts';
import { type ModelJobsOptions, openModelJobs } from './model-jobs/open-model-jobs.ts';
import type { ServerOptions } from './server-options.ts';

/** Jobs of a server whose files lie in a folder of its own. */
export interface LocalJobs {
  readonly batches: LocalBatches;
  /** Those that make models; undefined where there are none. */
  readonly models: LocalModelJobs | undefined;
  /** Takes up what was left, with what answers requests, and begins what comes. */
  start(handle: (request: HttpRequest) => Promise<HttpResponse>, onCall: OnCall | undefined): Promise<void>;
  /** Ends what is under way; what waits is taken up at the next start. */
  stop(): Promise<void>;
}

/**
 * Opens the jobs that keep their files in the folder `options.data`; undefined where there is none. Throws an Error
 * where it cannot be written.
 */
export function openLocalJobs(
  { data: folder, limits, modelJobs }: Pick<ServerOptions, 'data' | 'limits' | 'modelJobs'>,
  log: Logger,
  hearers: Pick<ModelJobsOptions, 'onCall' | 'serve'>,
): LocalJobs | undefined {
  if (folder === undefined) return undefined;
  checkWritable(folder);
  const data = new DirectoryObjectStore(folder);
  const batches = new LocalBatches({
    data,
    maxFileBytes: limits.maxBodyBytes,
    onFailure: (job, error) => log.error({ job, err: error }, 'the batch job failed'),
  });
  const models = modelJobs && openModelJobs({ ...modelJobs, ...hearers, data, log });
  let endDropping = () => {};
  return {
    batches,
    models,
    start: async (handle, onCall) => {
      endDropping = dropOldClaims(data, log);
      await batches.start(handle, onCall);
      await models?.start();
    },
    stop: async () => {
      endDropping();
      await Promise.all([batches.stop(), models?.stop()]);
    },
  };
}

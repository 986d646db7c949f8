import { modelJobPlaces } from '../../core/model-jobs/model-job-places.ts';
import type { JobAccess, JobHost } from '../../ports/job-host.ts';
import { noBytes } from '../s3-object-store/no-bytes.ts';

/**
 * Jobs that make models, asked for over the data bucket at an s3:// URI, where the state machine begins them. What it
 * is made of is loaded when a request first needs it.
 */
export function openS3ModelJobs(uri: string, maxInputBytes: number): JobAccess {
  let opened: Promise<JobHost> | undefined;
  return () => {
    opened ??= Promise.all([
      import('../s3-object-store/open-s3-object-store.ts'),
      import('./parse-job-request.ts'),
    ]).then(([{ openS3ObjectStore }, { parseJobRequest }]) => {
      const data = openS3ObjectStore(uri);
      return {
        data,
        maxInputBytes,
        parse: parseJobRequest,
        // What reads tables is loaded for a training alone.
        columnsOf: async (...file) => (await import('./columns-of.ts')).columnsOf(data, ...file),
        // As many wait as Step Functions takes.
        checkRoom: () => undefined,
        // The event of this file is what begins the job.
        begin: async (job) => void (await data.create(modelJobPlaces.starts + job, noBytes())),
      };
    });
    return opened;
  };
}

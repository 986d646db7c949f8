import { jobPlaces } from '../../core/batch-jobs/job-places.ts';
import type { BatchAccess, BatchHost } from '../../ports/batch-host.ts';
import { noBytes } from '../s3-object-store/no-bytes.ts';

const linkSeconds = 15 * 60;

/**
 * Batch jobs over the data bucket at an s3:// URI, where the state machine begins them. What it is made of is loaded
 * when a request first needs it.
 */
export function openS3Batches(uri: string, resultPrefix: string, maxFileBytes: number): BatchAccess {
  let opened: Promise<BatchHost> | undefined;
  return () => {
    opened ??= import('../s3-object-store/open-s3-object-store.ts').then(({ openS3ObjectStore }) => {
      const data = openS3ObjectStore(uri);
      return {
        data,
        resultPrefix,
        maxFileBytes,
        // The event of this file is what begins the job.
        begin: async (job) => void (await data.create(jobPlaces.starts + job, noBytes())),
        // A job reads the version that it began with, which the bucket keeps for a while.
        needs: () => false,
        link: (key) => data.link(key, linkSeconds),
      };
    });
    return opened;
  };
}

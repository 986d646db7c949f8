import type { BatchPrefixes } from '../src/adapters/batch/identify-job.ts';
import { openS3ObjectStore } from '../src/adapters/s3-object-store/open-s3-object-store.ts';
import type { S3ObjectStore } from '../src/adapters/s3-object-store/s3-object-store.ts';
import type { BatchSettings } from '../src/core/batch/batch-plan.ts';
import { needed } from './needed.ts';

/** The data bucket, and what of it the deployment gives to jobs. */
export interface BatchData {
  readonly store: S3ObjectStore;
  readonly prefixes: BatchPrefixes;
  readonly settings: BatchSettings;
}

/** Opens the data bucket as the environment says. Throws an Error that names what is missing or wrong. */
export function openBatchData(environment: NodeJS.ProcessEnv): BatchData {
  const maxFailed = environment.TENSORGATE_BATCH_MAX_FAILED;
  return {
    store: openS3ObjectStore(needed('TENSORGATE_DATA', environment)),
    prefixes: {
      input: needed('TENSORGATE_BATCH_INPUT', environment),
      results: needed('TENSORGATE_BATCH_RESULTS', environment),
    },
    settings: {
      kept: needed('TENSORGATE_BATCH_KEEP', environment).split(','),
      mapping: {},
      outputs: [],
      maxFailedRecords: maxFailed === undefined ? 2 ** 50 : Number(maxFailed),
    },
  };
}

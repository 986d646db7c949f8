import type { BatchPrefixes } from '../src/adapters/batch/identify-job.ts';
import { openS3ObjectStore } from '../src/adapters/s3-object-store/open-s3-object-store.ts';
import type { S3ObjectStore } from '../src/adapters/s3-object-store/s3-object-store.ts';
import type { BatchSettings } from '../src/core/batch/batch-plan.ts';

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
    store: openS3ObjectStore(need('TENSORGATE_DATA')),
    prefixes: { input: need('TENSORGATE_BATCH_INPUT'), results: need('TENSORGATE_BATCH_RESULTS') },
    settings: {
      kept: need('TENSORGATE_BATCH_KEEP').split(','),
      mapping: {},
      outputs: [],
      maxFailedRecords: maxFailed === undefined ? 2 ** 50 : Number(maxFailed),
    },
  };

  function need(name: string): string {
    const value = environment[name];
    if (value) return value;
    throw new Error(`${name}: expected a setting of the deployment, got nothing`);
  }
}

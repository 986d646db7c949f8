import { readJson } from '../../core/batch/read-json.ts';
import type { BatchJob } from '../../core/batch-jobs/batch-job.ts';
import { jobPlaces } from '../../core/batch-jobs/job-places.ts';
import type { S3ObjectStore } from '../s3-object-store/s3-object-store.ts';
import { uploadedJobId } from './uploaded-job-id.ts';

/**
 * An object that was stored, as S3's event tells of it. Source: AWS, "Amazon S3 event notification message structure"
 * for EventBridge.
 */
export interface StoredEvent {
  readonly bucket: { readonly name: string };
  readonly object: { readonly key: string; readonly 'version-id'?: string };
}

/** What keys of inputs, and of results, begin with; each ends in '/'. */
export interface BatchPrefixes {
  readonly input: string;
  readonly results: string;
}

// Of files in such a folder a manifest makes records: they begin no jobs of their own.
const aside = /\/_[^/]*\//;

/**
 * The job that an upload means, or a start that was asked for; undefined for what is none: the empty object that stands
 * for a folder, a file in a folder whose name begins with '_', or what is gone.
 *
 * Named by bucket, key and version, so an event that comes twice means one job, and an object that is stored again
 * another.
 */
export async function identifyJob(
  data: S3ObjectStore,
  { bucket, object }: StoredEvent,
  prefixes: BatchPrefixes,
): Promise<BatchJob | undefined> {
  const { key } = object;
  if (key.endsWith('/') || aside.test(key)) return undefined;
  if (key.startsWith(jobPlaces.starts)) {
    return readJson<BatchJob>(data, `${jobPlaces.jobs}${key.slice(jobPlaces.starts.length)}.json`);
  }
  const found = await data.findVersion(key, object['version-id']);
  if (!found) return undefined;
  const { bytes, version, storedAt } = found;
  const id = uploadedJobId(bucket.name, found);
  return {
    id,
    folder: `${prefixes.results}${key.slice(prefixes.input.length)}/${id}/`,
    createdAt: Math.floor(storedAt.getTime() / 1000),
    input: { key, bytes, version },
  };
}

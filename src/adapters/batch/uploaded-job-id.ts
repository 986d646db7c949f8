import { newestFirst } from '../../core/batch-jobs/newest-first.ts';
import { hexDigest } from '../hex-digest.ts';
import type { FoundVersion } from '../s3-object-store/s3-object-store.ts';

/**
 * Names the job of an upload by bucket, key and version; and by when that was stored, so that the newest is listed
 * first.
 */
export function uploadedJobId(
  bucket: string,
  { key, version, storedAt }: FoundVersion,
  kind: 'batch' | 'job' = 'batch',
): string {
  const digest = hexDigest(JSON.stringify([bucket, key, version]));
  return `${kind}_${newestFirst(storedAt)}${digest.slice(0, 13)}`;
}

import { parseS3Uri } from '../s3-model-store/parse-s3-uri.ts';
import { S3Client } from '../s3-model-store/s3-client.ts';
import { S3ObjectStore } from './s3-object-store.ts';

/**
 * Opens the files at an s3:// URI, with credentials and endpoint as the environment has them. Throws for a URI that is
 * none.
 */
export function openS3ObjectStore(uri: string): S3ObjectStore {
  const { bucket, prefix } = parseS3Uri(uri);
  const client = new S3Client(bucket, {
    environment: process.env,
    // Some 20 s in all: of many workers that begin at once, S3 asks some for patience until it has grown with them.
    retries: { attempts: 10, firstPauseMs: 50, longestPauseMs: 5000 },
    silenceMs: 10_000,
  });
  return new S3ObjectStore(client, prefix);
}

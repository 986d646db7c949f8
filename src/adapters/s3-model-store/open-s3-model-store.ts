import { defaultCacheFolder } from './default-cache-folder.ts';
import { parseS3Uri } from './parse-s3-uri.ts';
import { S3Client } from './s3-client.ts';
import { S3ModelStore, type S3ModelStoreOptions } from './s3-model-store.ts';

const GiB = 1024 ** 3;

/** Opens the model repository at an s3:// URI, with credentials and endpoint as the environment has them. Throws for a URI that is none. */
export function openS3ModelStore(uri: string, options: Partial<S3ModelStoreOptions> = {}): S3ModelStore {
  const location = parseS3Uri(uri);
  const environment = process.env;
  const client = new S3Client(location.bucket, {
    environment,
    // Some 6 s in all: S3 asks for patience with 503 Slow Down for about as long.
    retries: { attempts: 8, firstPauseMs: 50, longestPauseMs: 5000 },
    silenceMs: 10_000,
  });
  return new S3ModelStore(
    client,
    location,
    { now: () => performance.now() },
    {
      cacheFolder: defaultCacheFolder(environment),
      cacheBytes: 32 * GiB,
      refreshMs: 30_000,
      requestsAtOnce: 16,
      ...options,
    },
  );
}

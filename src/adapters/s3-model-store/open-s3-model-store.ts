import { defaultCacheFolder } from './default-cache-folder.ts';
import { openRepositoryClient } from './open-repository-client.ts';
import { parseS3Uri } from './parse-s3-uri.ts';
import { S3ModelStore, type S3ModelStoreOptions } from './s3-model-store.ts';

const GiB = 1024 ** 3;

/**
 * Opens the model repository at an s3:// URI, with credentials and endpoint as the environment has them. Throws for a
 * URI that is none.
 */
export function openS3ModelStore(uri: string, options: Partial<S3ModelStoreOptions> = {}): S3ModelStore {
  const location = parseS3Uri(uri);
  return new S3ModelStore(openRepositoryClient(location.bucket), location, performance, {
    cacheFolder: defaultCacheFolder(process.env),
    cacheBytes: 32 * GiB,
    refreshMs: 30_000,
    requestsAtOnce: 16,
    ...options,
  });
}

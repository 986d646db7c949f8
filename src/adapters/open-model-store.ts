import { fileURLToPath } from 'node:url';
import type { ModelStore } from '../ports/model-store.ts';
import { DirectoryModelStore } from './directory-model-store/directory-model-store.ts';
import { openS3ModelStore } from './s3-model-store/open-s3-model-store.ts';
import type { S3ModelStoreOptions } from './s3-model-store/s3-model-store.ts';

/** Opens the model repository at a path, a file:// or an s3:// URI, the last with `options`. Throws an Error for other schemes. */
export function openModelStore(uri: string, options: Partial<S3ModelStoreOptions> = {}): ModelStore {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === undefined) return new DirectoryModelStore(uri);
  if (scheme === 'file') return new DirectoryModelStore(fileURLToPath(uri));
  if (scheme === 's3') return openS3ModelStore(uri, options);
  throw new Error(`models: '${uri}': expected a directory, a file:// or an s3:// URI; got ${scheme}://`);
}

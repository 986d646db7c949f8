import type { ModelStore } from '../ports/model-store.ts';
import { DirectoryModelStore } from './directory-model-store/directory-model-store.ts';
import { placeOf } from './place-of.ts';
import { openS3ModelStore } from './s3-model-store/open-s3-model-store.ts';
import type { S3ModelStoreOptions } from './s3-model-store/s3-model-store.ts';

/**
 * Opens the model repository at a path, a file:// or an s3:// URI, the last with `options`. Throws an Error for other
 * schemes.
 */
export function openModelStore(uri: string, options: Partial<S3ModelStoreOptions> = {}): ModelStore {
  const place = placeOf(uri);
  return 's3' in place ? openS3ModelStore(place.s3, options) : new DirectoryModelStore(place.path);
}

import type { RewritableStore } from '../../ports/object-store.ts';
import { DirectoryObjectStore } from '../directory-object-store/directory-object-store.ts';
import { placeOf } from '../place-of.ts';
import { openS3ObjectStore } from '../s3-object-store/open-s3-object-store.ts';

/** The files of a folder, at a path, a file:// or an s3:// URI. Throws an Error for other URIs. */
export function openFolder(uri: string): RewritableStore {
  const place = placeOf(uri);
  return 's3' in place ? openS3ObjectStore(place.s3) : new DirectoryObjectStore(place.path);
}

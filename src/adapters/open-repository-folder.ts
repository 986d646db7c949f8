import { join } from 'node:path';
import type { RewritableStore } from '../ports/object-store.ts';
import { openFolder } from './batch/open-folder.ts';
import { placeOf } from './place-of.ts';

/**
 * The files of a folder of the model repository at a path, a file:// or an s3:// URI. Throws an Error for other URIs.
 */
export function openRepositoryFolder(rootUri: string, name: string): RewritableStore {
  const place = placeOf(rootUri);
  return openFolder('s3' in place ? `${place.s3.replace(/\/+$/, '')}/${name}` : join(place.path, name));
}

import { join } from 'node:path';
import { placeOf } from '../place-of.ts';

/** A folder of the model repository at a path, a file:// or an s3:// URI, by a path or an s3:// URI. */
export function inFolderOf(rootUri: string, name: string): string {
  const place = placeOf(rootUri);
  return 's3' in place ? `${place.s3.replace(/\/+$/, '')}/${name}` : join(place.path, name);
}

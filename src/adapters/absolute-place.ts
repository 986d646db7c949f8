import { resolve } from 'node:path';
import type { Place } from './place-of.ts';

/** A place as it is told, wherever whoever reads that is: an absolute path, or an s3:// URI. */
export function absolutePlace(place: Place): string {
  return 's3' in place ? place.s3 : resolve(place.path);
}

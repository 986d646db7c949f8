import { basename, dirname, resolve } from 'node:path';
import type { ObjectStore } from '../../ports/object-store.ts';
import { placeOf } from '../place-of.ts';
import { openFolder } from './open-folder.ts';

/** A file that may or may not be there, with those around it. */
export interface LocatedFile {
  readonly store: ObjectStore;
  readonly key: string;
  /** Its absolute path, or its URI: tells it from every other. */
  readonly place: string;
}

/**
 * The file at a path, a file:// or an s3:// URI, whose key is taken as it is written. Throws an Error for other URIs,
 * and one that names no file.
 */
export function locateFile(uri: string): LocatedFile {
  const place = placeOf(uri);
  if ('path' in place) {
    const path = resolve(place.path);
    return { store: openFolder(dirname(path)), key: basename(path), place: path };
  }
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*[^/])$/is.exec(place.s3) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`'${uri}': expected a file, s3://<bucket>/<key>`);
  return { store: openFolder(`s3://${bucket}`), key, place: `s3://${bucket}/${key}` };
}

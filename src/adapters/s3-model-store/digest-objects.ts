import { digestOf } from '../prepared/digest-of.ts';
import type { VersionObjects } from './version-objects.ts';
import { withoutSignature } from './without-signature.ts';

/** A digest of what a version's files are, by their names, lengths and ETags. */
export function digestObjects(objects: VersionObjects): string {
  return digestOf([...withoutSignature(objects)].map(([file, { bytes, etag }]) => [file, bytes, etag]));
}

import { digestOf } from '../prepared/digest-of.ts';
import { signatureFile } from '../signatures/signature-file.ts';
import type { VersionObjects } from './version-objects.ts';

/** A digest of what a version's files are, by their names, lengths and ETags. */
export function digestObjects(objects: VersionObjects): string {
  // A signature that comes later changes nothing.
  const signed = [...objects].filter(([file]) => file !== signatureFile);
  return digestOf(signed.map(([file, { bytes, etag }]) => [file, bytes, etag]));
}

import { signatureFile } from '../signatures/signature-file.ts';
import type { VersionObjects } from './version-objects.ts';

/**
 * What a version is, whoever vouches for it: a signature that comes later makes no other version of it, to be
 * downloaded anew.
 */
export function withoutSignature(objects: VersionObjects): VersionObjects {
  return new Map([...objects].filter(([file]) => file !== signatureFile));
}

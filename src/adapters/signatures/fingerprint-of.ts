import type { KeyObject } from 'node:crypto';
import { hexDigest } from '../hex-digest.ts';

/** What names a public key, wherever it is kept: the SHA-256 of its DER (SubjectPublicKeyInfo), in hexadecimal. */
export function fingerprintOf(key: KeyObject): string {
  return `sha256:${hexDigest(key.export({ type: 'spki', format: 'der' }))}`;
}

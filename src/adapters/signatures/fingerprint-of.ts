import { createHash, type KeyObject } from 'node:crypto';

/** What names a public key, wherever it is kept: the SHA-256 of its DER (SubjectPublicKeyInfo), in hexadecimal. */
export function fingerprintOf(key: KeyObject): string {
  return `sha256:${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`;
}

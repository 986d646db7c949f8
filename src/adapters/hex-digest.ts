import { createHash } from 'node:crypto';

/** SHA-256 of a content, in hexadecimal. */
export function hexDigest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

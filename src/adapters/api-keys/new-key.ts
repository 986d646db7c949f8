import { randomBytes } from 'node:crypto';

/** A key that nobody can guess: 256 bits. */
export function newKey(): string {
  return `tg_${randomBytes(32).toString('base64url')}`;
}

import { hash } from 'node:crypto';

/**
 * What is kept of a key. Keys are random and long: nothing slower than SHA-256 is needed to keep them from being
 * guessed.
 */
export function hashKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}

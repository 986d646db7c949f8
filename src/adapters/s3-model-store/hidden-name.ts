import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/**
 * A name for what is not whole yet, or no longer. It says which process works on it, so that what a killed one left can
 * be told.
 */
export function hiddenName(): string {
  return `.${hostname()}~${process.pid}~${randomUUID()}`;
}

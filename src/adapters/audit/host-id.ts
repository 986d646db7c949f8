import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** A name for this process, in keys of objects: unlike that of any other, and in the order of their starts. */
export function hostId(now: Date, name = hostname()): string {
  const started = now.toISOString().replace(/[-:]/g, '').slice(0, 15);
  const machine = name.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 40);
  return `${started}-${machine}-${randomBytes(4).toString('hex')}`;
}

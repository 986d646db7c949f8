import { randomBytes } from 'node:crypto';

const givenId = /^[A-Za-z0-9._:-]{1,128}$/;
const prefix = randomBytes(6).toString('hex');
let count = 0;

/** The caller's own id of a request where that is one, else a new one. */
export function requestIdOf(given: unknown): string {
  if (typeof given === 'string' && givenId.test(given)) return given;
  count += 1;
  return `${prefix}-${count.toString(36)}`;
}

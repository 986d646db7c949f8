import { InvalidArgumentError } from 'commander';
import { nearHint } from '../src/adapters/near-hint.ts';
import type { Limits } from '../src/settings.ts';
import { parseBytes } from './parse-bytes.ts';

/** `limits` with the one that `name=value` gives. Throws an error of usage that names the limits there are. */
export function parseLimit(text: string, limits: Limits): Limits {
  const [name = '', amount = ''] = text.split('=');
  const known = Object.keys(limits);
  if (!known.includes(name))
    throw new InvalidArgumentError(`Unknown limit '${name}'; ${nearHint(name, known, 'the limits are')}`);
  const value = parseBytes(amount);
  if (value === undefined || value === 0 || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('Expected name=number, the number over 0, such as 1000, 64M or 1G.');
  }
  return { ...limits, [name]: value };
}

import { readFile } from 'node:fs/promises';
import { whyUnreadable } from '../why-unreadable.ts';
import { parsePayloadKeys } from './parse-payload-keys.ts';
import type { PayloadKey } from './payload-key.ts';

/**
 * The private keys of a file in PEM, or of the PEM itself, as an environment has it. Rejects with an Error that says
 * what is wrong.
 */
export async function openPayloadKeys(place: string): Promise<readonly PayloadKey[]> {
  if (place.includes('-----BEGIN')) return parsePayloadKeys(place, 'the payload key');
  const text = await readFile(place, 'utf8').catch((cause) => {
    throw new Error(`the payload key: ${whyUnreadable(place, cause)}`, { cause });
  });
  return parsePayloadKeys(text, place);
}

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { whyUnreadable } from '../why-unreadable.ts';
import { parsePublicKeys } from './parse-public-keys.ts';
import type { PublicKeys } from './public-keys.ts';

/**
 * The keys whose signatures count: of a file, of all `.pem` and `.pub` files in a folder, or of the PEM itself, as an
 * environment has it. Rejects with an Error that says what is wrong, also where there are none.
 */
export async function readPublicKeys(place: string): Promise<PublicKeys> {
  if (place.includes('-----BEGIN')) return parsePublicKeys(place, 'the keys of signatures');
  const status = await stat(place).catch((cause) => {
    throw new Error(`the keys of signatures: ${whyUnreadable(place, cause)}`, { cause });
  });
  if (!status.isDirectory()) return parsePublicKeys(await readFile(place, 'utf8'), place);
  const files = (await readdir(place)).filter((name) => /\.(pem|pub)$/.test(name)).sort();
  const keys = await Promise.all(
    files.map(async (file) => parsePublicKeys(await readFile(join(place, file), 'utf8'), join(place, file))),
  );
  if (keys.length === 0) throw new Error(`${place} holds no .pem or .pub file: nothing could be loaded`);
  return new Map(keys.flatMap((each) => [...each]));
}

import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Authorize } from '../../ports/authorize.ts';
import type { ServiceLog } from '../service-log.ts';
import { authorizeBy } from './authorize-by.ts';
import { parseKeyFile } from './parse-key-file.ts';

const lookMs = 1000;

export interface WatchedKeys {
  readonly authorize: Authorize;
  close(): void;
}

/**
 * Checks callers against a file of keys, as it is a second later at most. Where it is broken, or gone, the last that was good stays
 * in use, and the log says so. Rejects where it is not good to begin with.
 */
export async function watchKeys(path: string, log: ServiceLog): Promise<WatchedKeys> {
  let authorize = authorizeBy((await read(path)).keys);
  const take = async () => {
    try {
      const { keys } = await read(path);
      authorize = authorizeBy(keys);
      log.info({ keys: keys.length }, 'the API keys were read again');
    } catch (error) {
      log.error({ reason: (error as Error).message }, 'the API keys could not be read again; those before stay in use');
    }
  };
  // By looking rather than by events: files that are mounted, and links to files, tell of no change.
  const looked = () => void take();
  watchFile(path, { interval: lookMs, persistent: false }, looked);
  return {
    authorize: (headers) => authorize(headers),
    close: () => unwatchFile(path, looked),
  };
}

async function read(path: string) {
  try {
    return await parseKeyFile(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

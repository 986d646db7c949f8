import { unwatchFile, watchFile } from 'node:fs';
import type { TokenBucket } from '../../core/token-bucket.ts';
import type { Authorize } from '../../ports/authorize.ts';
import type { UsageOf } from '../../ports/usage-of.ts';
import { placeOf } from '../place-of.ts';
import type { ServiceLog } from '../service-log.ts';
import { authorizeBy } from './authorize-by.ts';
import type { KeyEntry } from './key-entry.ts';
import { openKeyFile } from './open-key-file.ts';
import { parseKeyFile } from './parse-key-file.ts';

const lookMs = 1000;
/** Each look at a bucket is paid for. */
const bucketLookMs = 5000;

export interface WatchedKeys {
  readonly authorize: Authorize;
  close(): void;
}

export interface WatchKeysOptions {
  /** What callers have used. @default nobody counts, and policies that go by it are refused */
  readonly usageOf?: UsageOf | undefined;
  /** How callers are told. @default by their keys */
  readonly authorizeBy?: typeof authorizeBy;
  /** Where there is no file nobody has a policy. @default false: there must be one */
  readonly isOptional?: boolean;
}

/**
 * Checks callers against a file of keys at a path, a file:// or an s3:// URI, as it is a second later at most, in a
 * bucket five. Where it is broken, or gone, the last that was good stays in use, and the log says so. Rejects where it
 * is not good to begin with.
 */
export async function watchKeys(
  uri: string,
  log: ServiceLog,
  { usageOf, authorizeBy: by = authorizeBy, isOptional = false }: WatchKeysOptions = {},
): Promise<WatchedKeys> {
  const buckets = new Map<string, TokenBucket>();
  const file = openKeyFile(uri);
  const read = async () => {
    try {
      const text = (await file.read()) ?? (isOptional ? '{"keys":[]}' : undefined);
      if (text === undefined) throw new Error('there is no such file; tensorgate keys create --file makes it');
      const { keys } = await parseKeyFile(text);
      if (!usageOf) refuseUncounted(keys);
      return { keys, text };
    } catch (error) {
      throw new Error(`${uri}: ${(error as Error).message}`);
    }
  };
  let { keys, text: known } = await read();
  let authorize = by(keys, { usageOf, buckets });
  let failure = '';
  const look = async () => {
    try {
      const now = await read();
      failure = '';
      if (now.text === known) return;
      ({ keys, text: known } = now);
      authorize = by(keys, { usageOf, buckets });
      log.info({ keys: keys.length }, 'the API keys were read again');
    } catch (error) {
      const { message: reason } = error as Error;
      if (reason !== failure) log.error({ reason }, 'the API keys could not be read again; those before stay in use');
      failure = reason;
    }
  };
  return { authorize: (headers) => authorize(headers), close: lookAgain(uri, look) };
}

/** Looks at a file whenever it changes, at an object each so often. Returns what ends that. */
function lookAgain(uri: string, look: () => Promise<void>): () => void {
  const place = placeOf(uri);
  const looked = () => void look();
  if ('s3' in place) {
    const timer = setInterval(looked, bucketLookMs).unref();
    return () => clearInterval(timer);
  }
  // By looking rather than by events: files that are mounted, and links to files, tell of no change.
  watchFile(place.path, { interval: lookMs, persistent: false }, looked);
  return () => unwatchFile(place.path, looked);
}

function refuseUncounted(keys: readonly KeyEntry[]): void {
  const limited = keys.find(({ quota, dailyCost }) => quota !== undefined || dailyCost !== undefined);
  if (!limited) return;
  const word = limited.quota ? 'quota' : 'dailyCost';
  throw new Error(
    `key '${limited.name}' has '${word}', and this server counts nobody's usage: leave --usage never out`,
  );
}

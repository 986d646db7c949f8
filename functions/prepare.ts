import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Context } from 'aws-lambda';
import { loadOnUse } from '../src/adapters/load-on-use.ts';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { changedModel } from '../src/adapters/prepared/changed-model.ts';
import { Preparer } from '../src/adapters/prepared/preparer.ts';
import { defaultCacheFolder } from '../src/adapters/s3-model-store/default-cache-folder.ts';
import { parseS3Uri } from '../src/adapters/s3-model-store/parse-s3-uri.ts';
import { heldBytes } from './held-bytes.ts';
import { logger } from './logger.ts';
import { readEnvironment } from './read-environment.ts';
import { serviceLog } from './service-log.ts';
import { unknownEvent } from './unknown-event.ts';

/** What S3 tells of an object that was stored, or that all there is shall be looked through. */
export type PrepareEvent =
  | { readonly detail: { readonly object?: { readonly key?: string } } }
  | { readonly source: 'tensorgate.prepare-all' };

const environment = readEnvironment(process.env);
const { prefix } = parseS3Uri(environment.models);
const { blocks, bsize } = statfsSync(tmpdir());
const cacheFolder = defaultCacheFolder(process.env);
const store = openModelStore(environment.models, {
  refreshMs: 0,
  cacheFolder,
  // The form of a version has to fit beside it, and may take twice as much: 16 bits become 32.
  cacheBytes: Math.floor((blocks * bsize) / 3),
});

/**
 * Gives a version that was stored its prepared form, for machines of the kind that this function runs on.
 *
 * Rejects for what another try may mend; what is the model's own is said in the log.
 */
export async function handler(event: PrepareEvent, context: Context): Promise<void> {
  const preparer = new Preparer(loadOnUse(store, environment), {
    // Beside what is downloaded: what an environment that ran out of memory left in /tmp, which outlives it, is removed
    // there.
    scratchFolder: cacheFolder,
    freeBytes: () => environment.maxResidentBytes - heldBytes(),
    timeLeftMs: () => context.getRemainingTimeInMillis(),
    log: serviceLog,
  });
  if ('source' in event && event.source === 'tensorgate.prepare-all') return preparer.prepareAll();
  const key = 'detail' in event ? event.detail.object?.key : undefined;
  if (key === undefined)
    throw unknownEvent('S3\'s event of an object that was stored, or {"source":"tensorgate.prepare-all"}', event);
  const changed = key.startsWith(prefix) ? changedModel(key.slice(prefix.length)) : undefined;
  if (changed) await preparer.prepare(changed);
  else logger.info('what was stored changes no model', { key });
}

import { checkReleases } from '../../core/releases/check-releases.ts';
import type { ReleaseState } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { readReleases } from '../directory-model-store/read-releases.ts';
import { releasesText } from '../directory-model-store/releases-text.ts';
import { pauseBeforeRetry } from './pause-before-retry.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { storeMarked } from './store-marked.ts';

// Of fifty that change one model at once, the last has its turn after some tens.
const retries = { attempts: 200, firstPauseMs: 10, longestPauseMs: 500 };
const maxBytes = 1024 * 1024;

interface Found {
  readonly text: string | undefined;
  /** On what it may be written over. */
  readonly condition: Readonly<Record<string, string>>;
}

/** `changeReleases` of the model whose `aliases.json` is the object `key`: stored only over what was read. Rejects with an S3Error where S3 does not do it. */
export async function changeReleases(
  client: S3Client,
  key: string,
  label: string,
  change: (before: ReleaseState) => ReleaseState,
): Promise<ReleaseState> {
  for (let tries = 1; tries <= retries.attempts; tries += 1) {
    const { text, condition } = await read(client, key);
    const { value: before, problem } = await readReleases(async () => text);
    if (problem !== undefined) throw new ServiceError(409, `${label}: ${problem}`);
    const after = change(before);
    if (after === before) return before;
    checkReleases(label, after);
    if (await write(client, key, releasesText(after), condition)) return after;
    await pauseBeforeRetry(tries, retries);
  }
  throw new ServiceError(503, `${label}: others changed it each of the ${retries.attempts} times that it was tried`);
}

async function read(client: S3Client, key: string): Promise<Found> {
  try {
    const { headers, body } = await client.ask({ method: 'GET', key }, maxBytes);
    return { text: body.toString(), condition: { 'if-match': headers.etag ?? '' } };
  } catch (error) {
    if (!(error instanceof S3Error) || error.code !== 'NoSuchKey') throw error;
    return { text: undefined, condition: { 'if-none-match': '*' } };
  }
}

async function write(client: S3Client, key: string, text: string, condition: Found['condition']): Promise<boolean> {
  const body = Buffer.from(text);
  try {
    return await storeMarked(client, key, async (headers) => {
      await client.ask({ method: 'PUT', key, body, headers: { ...headers, ...condition } });
    });
  } catch (error) {
    // Somebody has removed it meanwhile.
    if (error instanceof S3Error && [404, 412].includes(error.status) && error.code !== 'NoSuchBucket') return false;
    throw error;
  }
}

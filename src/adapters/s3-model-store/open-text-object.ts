import { ServiceError } from '../../protocol/service-error.ts';
import { parseS3Uri } from './parse-s3-uri.ts';
import { pauseBeforeRetry } from './pause-before-retry.ts';
import { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { storeMarked } from './store-marked.ts';
import { toServiceError } from './to-service-error.ts';

const retries = { attempts: 50, firstPauseMs: 10, longestPauseMs: 500 };
const maxBytes = 16 * 1024 * 1024;

/** A text that whoever changes it changes as it is then. */
export interface ChangeableText {
  /** Undefined where there is none. Rejects where it cannot be read. */
  read(): Promise<string | undefined>;
  /** Stores what `change` makes of it, in place of what was there. Rejects, and leaves it, as `change` does, and where it cannot be stored. */
  change(change: (before: string | undefined) => Promise<string>): Promise<void>;
}

/** The object at an s3:// URI, with credentials and endpoint as the environment has them: stored only over what was read. Throws for a URI that is none. */
export function openTextObject(uri: string): ChangeableText {
  const { bucket, prefix } = parseS3Uri(uri);
  const key = prefix.replace(/\/$/, '');
  const policy = { attempts: 4, firstPauseMs: 50, longestPauseMs: 1000 };
  const client = new S3Client(bucket, { environment: process.env, retries: policy, silenceMs: 5000 });
  return {
    read: async () => {
      try {
        return (await find(client, key))?.text;
      } catch (error) {
        throw toServiceError(`'${uri}'`, 'read from', error);
      }
    },
    change: async (change) => {
      for (let tries = 1; tries <= retries.attempts; tries += 1) {
        const found = await find(client, key).catch((error) => {
          throw toServiceError(`'${uri}'`, 'read from', error);
        });
        const after = await change(found?.text);
        const stored = store(client, key, after, found?.etag).catch((error) => {
          throw toServiceError(`'${uri}'`, 'stored in', error);
        });
        if (await stored) return;
        await pauseBeforeRetry(tries, retries);
      }
      throw new ServiceError(
        503,
        `'${uri}': others changed it each of the ${retries.attempts} times that it was tried`,
      );
    },
  };
}

async function find(client: S3Client, key: string) {
  try {
    const { headers, body } = await client.ask({ method: 'GET', key }, maxBytes);
    return { etag: headers.etag ?? '', text: body.toString() };
  } catch (error) {
    if (error instanceof S3Error && error.code === 'NoSuchKey') return undefined;
    throw error;
  }
}

/** False where another was there first. */
async function store(client: S3Client, key: string, text: string, etag: string | undefined): Promise<boolean> {
  const condition: Record<string, string> = etag === undefined ? { 'if-none-match': '*' } : { 'if-match': etag };
  const body = Buffer.from(text);
  try {
    return await storeMarked(client, key, async (headers) => {
      await client.ask({ method: 'PUT', key, body, headers: { ...headers, ...condition } });
    });
  } catch (error) {
    if (error instanceof S3Error && [404, 412].includes(error.status) && error.code !== 'NoSuchBucket') return false;
    throw error;
  }
}

import { ServiceError } from '../../protocol/service-error.ts';
import { findText } from './find-text.ts';
import { parseS3Uri } from './parse-s3-uri.ts';
import { pauseBeforeRetry } from './pause-before-retry.ts';
import { S3Client } from './s3-client.ts';
import { storeText } from './store-text.ts';
import { toServiceError } from './to-service-error.ts';

const retries = { attempts: 50, firstPauseMs: 10, longestPauseMs: 500 };
const maxBytes = 16 * 1024 * 1024;

/** A text that whoever changes it changes as it is then. */
export interface ChangeableText {
  /** Undefined where there is none. Rejects where it cannot be read. */
  read(): Promise<string | undefined>;
  /**
   * Stores what `change` makes of it, in place of what was there. Rejects, and leaves it, as `change` does, and where
   * it cannot be stored.
   */
  change(change: (before: string | undefined) => Promise<string>): Promise<void>;
}

/**
 * The object at an s3:// URI, with credentials and endpoint as the environment has them: stored only over what was
 * read. Throws for a URI that is none.
 */
export function openTextObject(uri: string): ChangeableText {
  const { bucket, prefix } = parseS3Uri(uri);
  const key = prefix.replace(/\/$/, '');
  const policy = { attempts: 4, firstPauseMs: 50, longestPauseMs: 1000 };
  const client = new S3Client(bucket, { environment: process.env, retries: policy, silenceMs: 5000 });
  return {
    read: async () => {
      try {
        return (await findText(client, key, maxBytes)).text;
      } catch (error) {
        throw toServiceError(`'${uri}'`, 'read from', error);
      }
    },
    change: async (change) => {
      for (let tries = 1; tries <= retries.attempts; tries += 1) {
        const { text, condition } = await findText(client, key, maxBytes).catch((error) => {
          throw toServiceError(`'${uri}'`, 'read from', error);
        });
        const after = await change(text);
        const stored = storeText(client, key, after, condition).catch((error) => {
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

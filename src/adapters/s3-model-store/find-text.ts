import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';

/** A text object as it is now, and the headers on which it may be written over. */
export interface FoundText {
  /** Undefined where there is none. */
  readonly text: string | undefined;
  readonly condition: Readonly<Record<string, string>>;
}

/**
 * Reads a text object that whoever changes it changes as it is then. Rejects with an S3Error where it cannot be read.
 */
export async function findText(client: S3Client, key: string, maxBytes: number): Promise<FoundText> {
  try {
    const { headers, body } = await client.ask({ method: 'GET', key }, maxBytes);
    return { text: body.toString(), condition: { 'if-match': headers.etag ?? '' } };
  } catch (error) {
    if (!(error instanceof S3Error) || error.code !== 'NoSuchKey') throw error;
    return { text: undefined, condition: { 'if-none-match': '*' } };
  }
}

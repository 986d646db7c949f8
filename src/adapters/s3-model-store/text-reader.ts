import { ChangedError } from './changed-error.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import type { StoredObject } from './stored-object.ts';

const maxTextBytes = 1024 * 1024;

/** Reads small text objects; one whose ETag is known is not read again. */
export class TextReader {
  readonly #client: S3Client;
  readonly #texts = new Map<string, { readonly etag: string; readonly text: string }>();

  constructor(client: S3Client) {
    this.#client = client;
  }

  /** The text of an object as it is now. Undefined where it is gone meanwhile. */
  async newest(object: StoredObject): Promise<string | undefined> {
    return this.#read(object, {}).catch((error) => {
      if (error instanceof S3Error && error.code === 'NoSuchKey') return undefined;
      throw error;
    });
  }

  /** The text of an object as it was listed. Rejects with ChangedError where it is another by now. */
  async pinned(object: StoredObject): Promise<string> {
    const changed = (cause?: unknown) => new ChangedError(`'${object.key}' changed while it was read`, { cause });
    const text = await this.#read(object, { 'if-match': object.etag }).catch((error) => {
      throw error instanceof S3Error && [404, 412].includes(error.status) ? changed(error) : error;
    });
    // Not every server heeds If-Match.
    if (this.#texts.get(object.key)?.etag !== object.etag) throw changed();
    return text;
  }

  async #read({ key, etag }: StoredObject, headers: Record<string, string>): Promise<string> {
    const known = this.#texts.get(key);
    if (known?.etag === etag) return known.text;
    const answer = await this.#client.ask({ method: 'GET', key, headers }, maxTextBytes);
    const text = answer.body.toString();
    this.#texts.set(key, { etag: answer.headers.etag ?? '', text });
    return text;
  }
}

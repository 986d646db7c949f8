import { ChangedError } from './changed-error.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import type { StoredObject } from './stored-object.ts';

const maxSettingsBytes = 1024 * 1024;
// The largest tokenizer.json are of some 35 MB.
const maxTextBytes = 64 * 1024 * 1024;

interface Text {
  readonly etag: string;
  readonly text: string;
}

/** Reads text objects; a small one whose ETag is known is not read again. */
export class TextReader {
  readonly #client: S3Client;
  readonly #small = new Map<string, Text>();

  constructor(client: S3Client) {
    this.#client = client;
  }

  /** The text of a small object as it is now. Undefined where it is gone meanwhile. */
  async newest(object: StoredObject): Promise<string | undefined> {
    try {
      return (await this.#read(object, {}, maxSettingsBytes)).text;
    } catch (error) {
      if (error instanceof S3Error && error.code === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /** The text of an object as it was listed. Rejects with ChangedError where it is another by now. */
  async pinned(object: StoredObject): Promise<string> {
    const changed = (cause?: unknown) => new ChangedError(`'${object.key}' changed while it was read`, { cause });
    const { etag, text } = await this.#read(object, { 'if-match': object.etag }, maxTextBytes).catch((error) => {
      throw error instanceof S3Error && [404, 412].includes(error.status) ? changed(error) : error;
    });
    // Not every server heeds If-Match.
    if (etag !== object.etag) throw changed();
    return text;
  }

  async #read({ key, etag }: StoredObject, headers: Record<string, string>, maxBytes: number): Promise<Text> {
    const known = this.#small.get(key);
    if (known?.etag === etag) return known;
    const { headers: said, body } = await this.#client.ask({ method: 'GET', key, headers }, maxBytes);
    const read = { etag: said.etag ?? '', text: body.toString() };
    if (body.length <= maxSettingsBytes) this.#small.set(key, read);
    return read;
  }
}

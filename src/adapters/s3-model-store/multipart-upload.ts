import { crc32 } from 'node:zlib';
import { crc32Text } from './crc32-text.ts';
import { elementText } from './element-text.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';

/** A part that S3 has. */
export interface UploadedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksum: string;
}

/** An upload in parts under way: the object appears, whole, once it is completed. */
export class MultipartUpload {
  readonly #client: S3Client;
  readonly #key: string;
  readonly #uploadId: string;

  private constructor(client: S3Client, key: string, uploadId: string) {
    this.#client = client;
    this.#key = key;
    this.#uploadId = uploadId;
  }

  /**
   * Begins an upload whose object will have these headers, and a CRC32 of the whole, to which those of its parts add
   * up.
   */
  static async begin(
    client: S3Client,
    key: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<MultipartUpload> {
    const whole = { 'x-amz-checksum-algorithm': 'CRC32', 'x-amz-checksum-type': 'FULL_OBJECT' };
    const created = await client.ask({
      method: 'POST',
      key,
      query: { uploads: '' },
      headers: { ...headers, ...whole },
    });
    const uploadId = elementText(created.body.toString(), 'UploadId');
    if (!uploadId) throw new S3Error(502, 'NoUpload', 'S3 began no upload in parts');
    return new MultipartUpload(client, key, uploadId);
  }

  /** Stores a part, of 5 MiB or more unless it is the last; numbers go from 1 to 10,000. */
  async put(number: number, body: Uint8Array, signal?: AbortSignal): Promise<UploadedPart> {
    signal?.throwIfAborted();
    const checksum = crc32Text(crc32(body));
    const query = { partNumber: String(number), uploadId: this.#uploadId };
    const headers = { 'x-amz-checksum-crc32': checksum };
    const request = { method: 'PUT', key: this.#key, query, body, headers, ...(signal && { signal }) } as const;
    const answer = await this.#client.ask(request);
    return { number, etag: answer.headers.etag ?? '', checksum };
  }

  /**
   * Makes the parts, each of which was checked, an object of so many bytes, if `condition` holds. Rejects with an
   * S3Error of status 412 where it does not.
   *
   * S3 adds their CRC32s up to that of the whole; servers that do not would take one that is sent for that of the
   * request.
   */
  async complete(
    parts: readonly UploadedPart[],
    bytes: number,
    condition: Readonly<Record<string, string>>,
  ): Promise<void> {
    const list = parts.map(
      (part) =>
        `<Part><PartNumber>${part.number}</PartNumber><ETag>${part.etag}</ETag><ChecksumCRC32>${part.checksum}</ChecksumCRC32></Part>`,
    );
    const body = Buffer.from(
      `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list.join('')}</CompleteMultipartUpload>`,
    );
    const headers = {
      'content-type': 'application/xml',
      ...condition,
      'x-amz-checksum-type': 'FULL_OBJECT',
      'x-amz-mp-object-size': String(bytes),
    };
    const request = { method: 'POST', key: this.#key, query: { uploadId: this.#uploadId }, body, headers } as const;
    const answer = (await this.#client.ask(request)).body.toString();
    // S3 begins to answer before it is done: what goes wrong then comes with status 200.
    const code = elementText(answer, 'Code');
    if (!code) return;
    const status = code === 'PreconditionFailed' ? 412 : 500;
    throw new S3Error(status, code, `S3 answered ${code}: ${elementText(answer, 'Message')}`);
  }

  /**
   * Gives it up: parts of an upload that is never completed would be stored, and paid for, until a lifecycle rule ends
   * it.
   */
  async abort(): Promise<void> {
    const request = { method: 'DELETE', key: this.#key, query: { uploadId: this.#uploadId } } as const;
    await this.#client.ask(request).catch(() => undefined);
  }
}

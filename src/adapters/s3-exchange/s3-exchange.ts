import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Slots } from '../../core/slots.ts';
import type { Exchange, SignedUrl, Upload, UploadPlace } from '../../ports/exchange.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { ChangedError } from '../s3-model-store/changed-error.ts';
import { crc32Text } from '../s3-model-store/crc32-text.ts';
import type { S3Client } from '../s3-model-store/s3-client.ts';
import { S3Error } from '../s3-model-store/s3-error.ts';
import type { StoredObject } from '../s3-model-store/stored-object.ts';
import { toServiceError } from '../s3-model-store/to-service-error.ts';
import { readObject } from './read-object.ts';

export interface S3ExchangeOptions {
  /** What all keys begin with: empty, or it ends in '/'. */
  readonly prefix: string;
  /** How long the URLs do, in seconds. */
  readonly urlSeconds: number;
  /** Requests to S3 at once. */
  readonly requestsAtOnce: number;
}

// Of the kind that randomUUID makes, so that no reference can lead anywhere else.
const upload = /^uploads\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Passes inputs and outputs on through a bucket: under `uploads/` and `results/`, by names that cannot be guessed.
 *
 * Whoever has a name may use it. Nothing is ever deleted here: the bucket's lifecycle does that.
 */
export class S3Exchange implements Exchange {
  readonly #client: S3Client;
  readonly #options: S3ExchangeOptions;
  readonly #slots: Slots;

  constructor(client: S3Client, options: S3ExchangeOptions) {
    this.#client = client;
    this.#options = options;
    this.#slots = new Slots(options.requestsAtOnce);
  }

  async createUpload(bytes: number | undefined): Promise<UploadPlace> {
    const reference = `uploads/${randomUUID()}`;
    // Signed, so that S3 takes no other length.
    const headers: Record<string, string> = bytes === undefined ? {} : { 'content-length': String(bytes) };
    return { ...(await this.#sign('PUT', reference, headers)), reference, headers };
  }

  async findUpload(reference: string, signal: AbortSignal): Promise<Upload | undefined> {
    if (!upload.test(reference)) return undefined;
    const key = this.#options.prefix + reference;
    const object = await this.#slots.run(() => this.#head(key, signal)).catch(unreadable(reference));
    return (
      object && {
        bytes: object.bytes,
        read: (ending) => readObject(this.#client, object, this.#slots, ending).catch(unreadable(reference)),
      }
    );
  }

  async putResult(content: Uint8Array, signal: AbortSignal): Promise<SignedUrl> {
    const name = `results/${randomUUID()}`;
    const headers = {
      'content-type': 'application/octet-stream',
      'x-amz-checksum-crc32': crc32Text(crc32(content)),
    };
    const key = this.#options.prefix + name;
    try {
      await this.#slots.run(() => this.#client.ask({ method: 'PUT', key, headers, body: content, signal }));
    } catch (error) {
      throw toServiceError('an output', 'stored in', error);
    }
    return this.#sign('GET', name, {});
  }

  async #head(key: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    try {
      const { headers } = await this.#client.ask({ method: 'HEAD', key, signal });
      return { key, bytes: Number(headers['content-length']), etag: headers.etag ?? '' };
    } catch (error) {
      // S3 says 403 of what is not there to whoever may not list the bucket, which the function may not.
      if (error instanceof S3Error && (error.status === 404 || error.status === 403)) return undefined;
      throw error;
    }
  }

  async #sign(method: 'GET' | 'PUT', name: string, headers: Readonly<Record<string, string>>): Promise<SignedUrl> {
    const { prefix, urlSeconds } = this.#options;
    const now = new Date();
    const url = await this.#client.presign({ method, key: prefix + name, headers }, urlSeconds, now);
    return { url, expiresAt: new Date(now.getTime() + urlSeconds * 1000) };
  }
}

function unreadable(reference: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof ChangedError)
      throw new ServiceError(
        400,
        `the upload '${reference}' was replaced while it was read: upload first, then infer`,
        {
          cause: error,
        },
      );
    throw toServiceError(`the upload '${reference}'`, 'read from', error);
  };
}

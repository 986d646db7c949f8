import { crc32 } from 'node:zlib';
import type { CreatedFile, FileContent, RewritableStore, StoredFile } from '../../ports/object-store.ts';
import { digestPieces } from '../digest-pieces.ts';
import { crc32Text } from '../s3-model-store/crc32-text.ts';
import { listObjects } from '../s3-model-store/list-objects.ts';
import type { S3Client } from '../s3-model-store/s3-client.ts';
import { S3Error } from '../s3-model-store/s3-error.ts';
import { toServiceError } from '../s3-model-store/to-service-error.ts';
import { createObject } from './create-object.ts';
import { readPieces } from './read-pieces.ts';

/** A version of a file, and when it was stored. */
export interface FoundVersion extends StoredFile {
  readonly storedAt: Date;
}

/**
 * Files of a bucket, by their keys without a prefix. A file's version is that of its object, or its ETag where the
 * bucket keeps no versions; a version that was replaced can still be read.
 */
export class S3ObjectStore implements RewritableStore {
  readonly #client: S3Client;
  readonly #prefix: string;

  /** @param prefix what all keys begin with: empty, or it ends in '/' */
  constructor(client: S3Client, prefix = '') {
    this.#client = client;
    this.#prefix = prefix;
  }

  async find(key: string): Promise<StoredFile | undefined> {
    const found = await this.findVersion(key, undefined);
    return found && { key, bytes: found.bytes, version: found.version };
  }

  /** A version of a file, whether or not it was replaced, and when it was stored; undefined where there is none. */
  async findVersion(key: string, version: string | undefined): Promise<FoundVersion | undefined> {
    const query = version === undefined ? {} : { query: { versionId: version } };
    try {
      const { headers } = await this.#client.ask({ method: 'HEAD', key: this.#prefix + key, ...query });
      const { etag = '', 'content-length': bytes, 'last-modified': storedAt = '' } = headers;
      const versionId = headers['x-amz-version-id'] as string | undefined;
      // What was stored before the bucket kept versions has one of this name, and the next may have it too.
      const isVersion = versionId !== undefined && versionId !== 'null';
      return { key, bytes: Number(bytes), version: isVersion ? versionId : etag, storedAt: new Date(storedAt) };
    } catch (error) {
      // A version id that S3 would never give is a bad request to it.
      if (error instanceof S3Error && (error.status === 404 || (version !== undefined && error.status === 400)))
        return undefined;
      throw toServiceError(`'${key}'`, 'read from', error);
    }
  }

  read(file: StoredFile, start = 0, end = file.bytes): AsyncIterable<Uint8Array> {
    return readPieces(this.#client, this.#prefix, file, { start, end });
  }

  async list(prefix: string): Promise<readonly StoredFile[]> {
    const objects = await listObjects(this.#client, this.#prefix + prefix).catch((error) => {
      throw toServiceError(`'${prefix}'`, 'read from', error);
    });
    return objects.map(({ key, bytes, etag }) => ({ key: key.slice(this.#prefix.length), bytes, version: etag }));
  }

  async create(
    key: string,
    body: AsyncIterable<Uint8Array>,
    beforehand?: (content: FileContent) => Promise<void>,
  ): Promise<CreatedFile> {
    const created = await createObject(this.#client, this.#prefix + key, body, beforehand).catch((error) => {
      throw error instanceof S3Error ? toServiceError(`'${key}'`, 'stored in', error) : error;
    });
    if (created) return { isNew: true, ...created };
    const before = await this.find(key);
    if (before) return { isNew: false, ...(await this.measure(before)) };
    throw toServiceError(
      `'${key}'`,
      'stored in',
      new S3Error(409, 'Removed', 'it was there, and was removed meanwhile'),
    );
  }

  async replace(key: string, content: Uint8Array): Promise<void> {
    const headers = { 'x-amz-checksum-crc32': crc32Text(crc32(content)) };
    await this.#client.ask({ method: 'PUT', key: this.#prefix + key, body: content, headers }).catch((error) => {
      throw toServiceError(`'${key}'`, 'stored in', error);
    });
  }

  measure(file: StoredFile): Promise<FileContent> {
    return digestPieces(this.read(file));
  }

  /** A URL by which whoever has it may read a file for so many seconds. */
  link(key: string, seconds: number): Promise<string> {
    return this.#client.presign({ method: 'GET', key: this.#prefix + key }, seconds);
  }

  /** The same of a file as it is now, also once it was replaced where the bucket keeps versions. */
  linkTo({ key, version: versionId }: StoredFile, seconds: number): Promise<string> {
    const query = versionId.startsWith('"') ? {} : { query: { versionId } };
    return this.#client.presign({ method: 'GET', key: this.#prefix + key, ...query }, seconds);
  }

  /** A URL by which whoever has it may store a file under a key for so many seconds. */
  linkToStore(key: string, seconds: number): Promise<string> {
    return this.#client.presign({ method: 'PUT', key: this.#prefix + key }, seconds);
  }

  async remove(key: string): Promise<void> {
    await this.#client.ask({ method: 'DELETE', key: this.#prefix + key }).catch((error) => {
      throw toServiceError(`'${key}'`, 'removed from', error);
    });
  }
}

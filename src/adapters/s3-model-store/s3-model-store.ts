import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import type { ModelFiles, ModelStore, StoredModel } from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { checkGraph } from '../directory-model-store/check-graph.ts';
import { checkVersionName } from '../directory-model-store/check-version-name.ts';
import { modelName } from '../directory-model-store/model-name.ts';
import { plainFile } from '../directory-model-store/plain-file.ts';
import { BucketCatalog } from './bucket-catalog.ts';
import { ChangedError } from './changed-error.ts';
import { CorruptError } from './corrupt-error.ts';
import { downloadVersion } from './download-version.ts';
import { entryOf } from './entry-of.ts';
import type { OpenFile } from './open-file.ts';
import type { S3Location } from './parse-s3-uri.ts';
import { putVersion } from './put-version.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { SettingsReader } from './settings-reader.ts';
import { Slots } from './slots.ts';
import { toServiceError } from './to-service-error.ts';
import { type CachedVersion, VersionCache } from './version-cache.ts';
import type { VersionObjects } from './version-objects.ts';

export interface S3ModelStoreOptions {
  /** The folder that versions are downloaded into. */
  readonly cacheFolder: string;
  /** Bytes that they may take there; the disk may have room for less. */
  readonly cacheBytes: number;
  /** For how long a listing of the bucket counts. */
  readonly refreshMs: number;
  /** Ranged requests in flight at once. */
  readonly requestsAtOnce: number;
  /** How a file of a download is opened. @default a new file */
  readonly openFile?: OpenFile;
}

const attempts = 3;

/**
 * A model repository in a bucket: `<prefix>/<model>/<version>/model.onnx`.
 *
 * Versions are downloaded into a cache on this disk, pinned to the ETags that the bucket's listing gave and checked against S3's checksums.
 * `list` asks S3 at most every `refreshMs`; `find` asks each time.
 */
export class S3ModelStore implements ModelStore {
  readonly #client: S3Client;
  readonly #location: S3Location;
  readonly #options: S3ModelStoreOptions;
  readonly #catalog: BucketCatalog;
  readonly #settings: SettingsReader;
  readonly #cache: VersionCache;
  readonly #slots: Slots;

  constructor(client: S3Client, location: S3Location, clock: Clock, options: S3ModelStoreOptions) {
    this.#client = client;
    this.#location = location;
    this.#options = options;
    this.#catalog = new BucketCatalog(client, location.prefix, clock, options.refreshMs);
    this.#settings = new SettingsReader(client);
    this.#cache = new VersionCache(options.cacheFolder, options.cacheBytes);
    this.#slots = new Slots(options.requestsAtOnce);
  }

  async list(): Promise<readonly StoredModel[]> {
    const models = await this.#catalog.all().catch((error) => {
      const { bucket, prefix } = this.#location;
      throw toServiceError(`the model repository s3://${bucket}/${prefix}`, 'read from', error);
    });
    return Promise.all(models.map((model) => this.#settings.read(model)));
  }

  async find(name: string): Promise<StoredModel | undefined> {
    if (!modelName.test(name)) return undefined;
    const model = await this.#catalog.find(name).catch((error) => {
      throw toServiceError(`model '${name}'`, 'read from', error);
    });
    return model && this.#settings.read(model);
  }

  async fetch(name: string, version: number): Promise<ModelFiles> {
    const label = `model '${name}' version ${version}`;
    const { folder, bytes, release } = await this.#hold(name, version, label);
    try {
      const { operators } = await checkGraph(folder, label);
      return { path: join(folder, 'model.onnx'), folder, bytes, operators: Object.keys(operators), release };
    } catch (error) {
      release();
      throw error;
    }
  }

  async readText(name: string, version: number, file: string): Promise<string> {
    const label = `model '${name}' version ${version}`;
    const { folder, release } = await this.#hold(name, version, label);
    try {
      if (plainFile.test(file)) return await readFile(join(folder, file), 'utf8');
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'EISDIR') throw toServiceError(`${label}: ${file}`, 'read from', cause);
    } finally {
      release();
    }
    throw new ServiceError(404, `${label} has no file '${file}' in its folder`);
  }

  async put(name: string, version: number, files: ReadonlyMap<string, string>): Promise<void> {
    checkVersionName(name, version);
    const folder = `${this.#location.prefix}${name}/${version}/`;
    const label = `model '${name}' version ${version}`;
    try {
      await putVersion(this.#client, folder, label, files);
    } catch (error) {
      throw error instanceof S3Error ? toServiceError(label, 'stored in', error) : error;
    } finally {
      this.#catalog.forget();
    }
  }

  watch(changed: () => void): () => void {
    let seen = this.#catalog.fingerprint;
    const poll = async () => {
      // A failure shows where the caller lists.
      await this.#catalog.refresh().catch(changed);
      if (this.#catalog.fingerprint === seen) return;
      seen = this.#catalog.fingerprint;
      changed();
    };
    const timer = setInterval(poll, this.#options.refreshMs).unref();
    return () => clearInterval(timer);
  }

  /** A version on this disk, kept there until it is released. */
  async #hold(name: string, version: number, label: string): Promise<CachedVersion & { bytes: number }> {
    for (let attempt = 1; ; attempt += 1) {
      const objects = await this.#objects(name, version, label, attempt > 1);
      const entry = entryOf(this.#location.bucket, name, version, objects);
      const { openFile = openNew } = this.#options;
      const download = (folder: string) =>
        downloadVersion(this.#client, objects, folder, { slots: this.#slots, openFile });
      try {
        return { ...(await this.#cache.fetch(entry, download)), bytes: entry.bytes };
      } catch (error) {
        // An object that changed is another version of it: what there was of the old one is gone with its cache entry.
        const mayPass = error instanceof ChangedError || error instanceof CorruptError;
        if (!mayPass || attempt >= attempts) throw toServiceError(label, 'read from', error);
      }
    }
  }

  async #objects(name: string, version: number, label: string, isAnew: boolean): Promise<VersionObjects> {
    const refuse = (error: unknown) => {
      throw toServiceError(label, 'read from', error);
    };
    if (modelName.test(name)) {
      const known = isAnew ? undefined : await this.#catalog.model(name).catch(refuse);
      // The version may be newer than the listing.
      const model = known?.versions.has(version) ? known : await this.#catalog.find(name).catch(refuse);
      const objects = model?.versions.get(version);
      if (objects) return objects;
    }
    throw new ServiceError(404, `there is no ${label} in the store`);
  }
}

function openNew(path: string): Promise<FileHandle> {
  return open(path, 'wx+');
}

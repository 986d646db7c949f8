import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { Slots } from '../../core/slots.ts';
import { versionLabel } from '../../core/version-label.ts';
import type { Clock } from '../../ports/clock.ts';
import type {
  ModelFiles,
  ModelStore,
  NotPrepared,
  PreparedFiles,
  ReleaseState,
  StoredModel,
} from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { checkVersionName } from '../directory-model-store/check-version-name.ts';
import { modelName } from '../directory-model-store/model-name.ts';
import { readTraits } from '../directory-model-store/read-traits.ts';
import { type ModelFile, modelFileAmong } from '../directory-model-store/version-layout.ts';
import { manifestFile } from '../prepared/manifest.ts';
import { noPreparedForm } from '../prepared/no-prepared-form.ts';
import { openPrepared } from '../prepared/open-prepared.ts';
import { preparedFolder } from '../prepared/prepared-folder.ts';
import { preparedKey } from '../prepared/prepared-key.ts';
import { type PreparedContents, readPrepared } from '../prepared/read-prepared.ts';
import { BucketCatalog } from './bucket-catalog.ts';
import { changeReleases } from './change-releases.ts';
import { ChangedError } from './changed-error.ts';
import { CorruptError } from './corrupt-error.ts';
import { digestObjects } from './digest-objects.ts';
import { downloadVersion, type OnLanded } from './download-version.ts';
import { entryOf } from './entry-of.ts';
import { isSafeFile } from './is-safe-file.ts';
import { newestEtag } from './newest-etag.ts';
import type { OpenFile } from './open-file.ts';
import type { S3Location } from './parse-s3-uri.ts';
import { putPrepared } from './put-prepared.ts';
import { putVersion } from './put-version.ts';
import { releasedOnFailure } from './released-on-failure.ts';
import { removeVersion } from './remove-version.ts';
import type { S3Client } from './s3-client.ts';
import { S3Error } from './s3-error.ts';
import { SettingsReader } from './settings-reader.ts';
import { TextReader } from './text-reader.ts';
import { toServiceError } from './to-service-error.ts';
import { type CachedVersion, VersionCache } from './version-cache.ts';
import type { VersionObjects } from './version-objects.ts';
import { withoutSignature } from './without-signature.ts';

export interface S3ModelStoreOptions {
  /** The folder that versions are downloaded into. */
  readonly cacheFolder: string;
  /** Bytes that they may take there; the disk may have room for less. */
  readonly cacheBytes: number;
  /** For how long a listing of the bucket counts. */
  readonly refreshMs: number;
  /** Ranged requests in flight at once. */
  readonly requestsAtOnce: number;
  /** The models that it looks for, where others are not to be listed. @default all there are */
  readonly names?: readonly string[] | undefined;
  /** How a file of a download is opened. @default a new file */
  readonly openFile?: OpenFile;
}

const attempts = 3;

/**
 * A model repository in a bucket: `<prefix>/<model>/<version>/model.onnx`, or `<prefix>/<model>/model.json` with steps.
 *
 * Versions are downloaded into a cache on this disk, pinned to the ETags that the bucket's listing gave and checked
 * against S3's checksums. `list` asks S3 at most every `refreshMs`; `find` asks each time.
 */
export class S3ModelStore implements ModelStore {
  readonly #client: S3Client;
  readonly #location: S3Location;
  readonly #options: S3ModelStoreOptions;
  readonly #catalog: BucketCatalog;
  readonly #texts: TextReader;
  readonly #settings: SettingsReader;
  readonly #cache: VersionCache;
  readonly #slots: Slots;

  constructor(client: S3Client, location: S3Location, clock: Clock, options: S3ModelStoreOptions) {
    this.#client = client;
    this.#location = location;
    this.#options = options;
    this.#catalog = new BucketCatalog(client, location.prefix, clock, options.refreshMs, options.names);
    this.#texts = new TextReader(client);
    this.#settings = new SettingsReader(this.#texts);
    this.#cache = new VersionCache(options.cacheFolder, options.cacheBytes);
    this.#slots = new Slots(options.requestsAtOnce);
  }

  async list(): Promise<readonly StoredModel[]> {
    const models = await this.#catalog.all().catch((error) => {
      const { bucket, prefix } = this.#location;
      throw toServiceError(`the model repository s3://${bucket}/${prefix}`, 'read from', error);
    });
    const read = await Promise.all(models.map((model) => this.#settings.read(model)));
    return read.filter((model) => model !== undefined);
  }

  async find(name: string): Promise<StoredModel | undefined> {
    if (!modelName.test(name)) return undefined;
    const model = await this.#catalog.find(name).catch((error) => {
      throw toServiceError(`model '${name}'`, 'read from', error);
    });
    return model && this.#settings.read(model);
  }

  async fetch(name: string, version: number): Promise<ModelFiles> {
    const label = versionLabel(name, version);
    const { folder, modelFile, bytes, release } = await this.#attempt(
      label,
      (isAnew) => this.#objects(name, version, label, isAnew),
      async (objects) => ({
        modelFile: modelFileAmong(objects) as ModelFile,
        ...(await this.#hold(name, version, withoutSignature(objects))),
      }),
    );
    return releasedOnFailure(release, async () => {
      const path = join(folder, modelFile);
      const traits = await readTraits(path, label);
      return { path, folder, bytes, ...traits, release };
    });
  }

  /** Of what was prepared, those objects alone are downloaded, not what they were made from. */
  async fetchPrepared(name: string, version: number): Promise<PreparedFiles | NotPrepared> {
    const label = versionLabel(name, version);
    let contents: Promise<PreparedContents> | undefined;
    // While the weights are still on their way.
    const onLanded: OnLanded = async (folder, files) => {
      if (contents || !files.has('model.onnx') || !files.has(manifestFile)) return;
      contents = readPrepared(folder, label);
      // What it rejects with is met below.
      await contents.catch(() => undefined);
    };
    const held = await this.#attempt(
      label,
      (isAnew) => this.#form(name, version, label, isAnew),
      async (form) => {
        contents = undefined;
        return form?.has('model.onnx') ? this.#hold(name, version, form, onLanded) : form && 'unused';
      },
    );
    if (held === undefined) return noPreparedForm;
    if (held === 'unused') return { whyNot: 'to prepare it was tried and wins nothing', wasTried: true };
    const { folder, release } = held;
    return releasedOnFailure(release, async () => {
      const prepared = await openPrepared(folder, label, contents);
      if ('answer' in prepared) return { ...prepared, release };
      release();
      return prepared;
    });
  }

  async digest(name: string, version: number): Promise<string> {
    return digestObjects(await this.#objects(name, version, versionLabel(name, version), false));
  }

  async putPrepared(name: string, version: number, digest: string, folder: string): Promise<void> {
    checkVersionName(name, version);
    const prefix = `${this.#location.prefix}${name}/${version}/${preparedFolder}/${preparedKey(digest)}/`;
    try {
      await putPrepared(this.#client, prefix, folder);
    } catch (error) {
      throw toServiceError(`the prepared form of ${versionLabel(name, version)}`, 'stored in', error);
    } finally {
      this.#catalog.forget();
    }
  }

  /** Asks for that one object: a version that serves in its prepared form is not downloaded for it. */
  async readText(name: string, version: number, file: string): Promise<string> {
    const label = versionLabel(name, version);
    const text = await this.#attempt(
      `${label}: ${file}`,
      async (isAnew) => (await this.#objects(name, version, label, isAnew)).get(file),
      async (object) => (object && isSafeFile(file) ? this.#texts.pinned(object) : undefined),
    );
    if (text === undefined) throw new ServiceError(404, `${label} has no file '${file}' in its folder`);
    return text;
  }

  async put(name: string, version: number, files: ReadonlyMap<string, string>): Promise<void> {
    checkVersionName(name, version);
    const label = versionLabel(name, version);
    try {
      await putVersion(this.#client, `${this.#location.prefix}${name}/`, version, label, files);
    } catch (error) {
      throw error instanceof S3Error ? toServiceError(label, 'stored in', error) : error;
    } finally {
      this.#catalog.forget();
    }
  }

  async remove(name: string, version: number): Promise<void> {
    checkVersionName(name, version);
    try {
      await removeVersion(this.#client, `${this.#location.prefix}${name}/${version}/`);
    } catch (error) {
      throw toServiceError(versionLabel(name, version), 'removed from', error);
    } finally {
      this.#catalog.forget();
    }
  }

  async changeReleases(name: string, change: (before: ReleaseState) => ReleaseState): Promise<ReleaseState> {
    if (!modelName.test(name)) throw new ServiceError(404, `there is no model '${name.slice(0, 256)}'`);
    const label = `model '${name}'`;
    try {
      return await changeReleases(this.#client, `${this.#location.prefix}${name}/`, label, change);
    } catch (error) {
      throw error instanceof S3Error ? toServiceError(`${label}: aliases.json`, 'stored in', error) : error;
    } finally {
      this.#catalog.forget();
    }
  }

  async hasNewReleases(name: string): Promise<boolean> {
    if (!modelName.test(name)) return false;
    const key = `${this.#location.prefix}${name}/aliases.json`;
    try {
      return (await newestEtag(this.#client, key)) !== this.#settings.toldReleases(name);
    } catch (error) {
      throw toServiceError(`model '${name}': aliases.json`, 'read from', error);
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

  /**
   * What `use` makes of what `locate` found; anew where objects changed meanwhile: they make another version, of which
   * there is nothing in the cache.
   */
  async #attempt<L, T>(
    label: string,
    locate: (isAnew: boolean) => Promise<L>,
    use: (located: L) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const located = await locate(attempt > 1);
      try {
        return await use(located);
      } catch (error) {
        const mayPass = error instanceof ChangedError || error instanceof CorruptError;
        if (!mayPass || attempt >= attempts) throw toServiceError(label, 'read from', error);
      }
    }
  }

  /** Objects on this disk, kept there until they are released. */
  async #hold(
    name: string,
    version: number,
    objects: VersionObjects,
    onLanded?: OnLanded,
  ): Promise<CachedVersion & { bytes: number }> {
    const entry = entryOf(this.#location.bucket, name, version, objects);
    const { openFile = openNew } = this.#options;
    const download = (folder: string) =>
      downloadVersion(this.#client, objects, folder, { slots: this.#slots, openFile, onLanded });
    return { ...(await this.#cache.fetch(entry, download)), bytes: entry.bytes };
  }

  /**
   * The objects of the form that was prepared for this machine from the version as it is now; undefined where there is
   * none, or none is whole yet.
   */
  async #form(name: string, version: number, label: string, isAnew: boolean): Promise<VersionObjects | undefined> {
    const objects = await this.#objects(name, version, label, isAnew);
    const model = await this.#catalog.model(name);
    const form = model?.prepared.get(`${version}/${preparedKey(digestObjects(objects))}`);
    return form?.get(manifestFile)?.bytes ? form : undefined;
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

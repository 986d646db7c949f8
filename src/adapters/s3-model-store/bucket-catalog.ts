import { collectInParallel } from '../../core/batch/collect-in-parallel.ts';
import { readsAtOnce } from '../../core/reads-at-once.ts';
import { SharedWork } from '../../core/shared-work.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LaidOutModel } from './laid-out-model.ts';
import { listObjects } from './list-objects.ts';
import { readLayout } from './read-layout.ts';
import type { S3Client } from './s3-client.ts';
import type { StoredObject } from './stored-object.ts';

/**
 * The models that the keys of a bucket lay out, as a listing told of them.
 *
 * A listing counts for `refreshMs`, and callers that come while it is being made share it; `find` always asks anew.
 */
export class BucketCatalog {
  readonly #client: S3Client;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #refreshMs: number;
  readonly #names: readonly string[] | undefined;
  readonly #finding = new Map<string, Promise<LaidOutModel | undefined>>();
  #seen = new Map<string, LaidOutModel>();
  #allAtMs = Number.NEGATIVE_INFINITY;
  readonly #listing = new SharedWork(() => this.#list());
  #fingerprint = '';

  /** @param names models that are looked for, where others are not to be listed. @default all there are */
  constructor(client: S3Client, prefix: string, clock: Clock, refreshMs: number, names?: readonly string[]) {
    this.#client = client;
    this.#prefix = prefix;
    this.#clock = clock;
    this.#refreshMs = refreshMs;
    this.#names = names;
  }

  /** Changes whenever what was listed did. */
  get fingerprint(): string {
    return this.#fingerprint;
  }

  /** Every model. */
  async all(): Promise<readonly LaidOutModel[]> {
    if (this.#clock.now() - this.#allAtMs >= this.#refreshMs) await this.refresh();
    return [...this.#seen.values()];
  }

  /**
   * One model, as it was last seen, however long ago: its objects are pinned by their ETags. Undefined where there is
   * none.
   */
  async model(name: string): Promise<LaidOutModel | undefined> {
    const seen = this.#seen.get(name);
    if (seen) return seen;
    const finding = this.#finding.get(name) ?? this.find(name).finally(() => this.#finding.delete(name));
    this.#finding.set(name, finding);
    return finding;
  }

  /** One model, as the bucket has it now. */
  async find(name: string): Promise<LaidOutModel | undefined> {
    const objects = await listObjects(this.#client, `${this.#prefix}${name}/`);
    const model = readLayout(objects, this.#prefix).get(name);
    if (model) this.#seen.set(name, model);
    else this.#seen.delete(name);
    return model;
  }

  /** Lists all anew. */
  refresh(): Promise<void> {
    return this.#listing.run();
  }

  /** Makes the next call list anew: this process has changed something. */
  forget(): void {
    this.#seen.clear();
    this.#allAtMs = Number.NEGATIVE_INFINITY;
  }

  async #list(): Promise<void> {
    // Of what changes while S3 lists, the listing may tell or not: it counts from its start.
    const atMs = this.#clock.now();
    const objects = await this.#objects();
    this.#seen = new Map(readLayout(objects, this.#prefix));
    this.#allAtMs = atMs;
    this.#fingerprint = objects.map(({ key, etag }) => `${key} ${etag}`).join('\n');
  }

  async #objects(): Promise<readonly StoredObject[]> {
    // Who may read some models alone may list no others: S3 refuses an empty prefix.
    if (this.#names) {
      const list = (name: string) => listObjects(this.#client, `${this.#prefix}${name}/`);
      return (await collectInParallel(this.#names, readsAtOnce, list)).flat();
    }
    // All that is hidden at the root comes before '/': the audit log, say, of which there is far more than of models.
    return listObjects(this.#client, this.#prefix, `${this.#prefix}/`);
  }
}

import type { Clock } from '../../ports/clock.ts';
import type { LaidOutModel } from './laid-out-model.ts';
import { listObjects } from './list-objects.ts';
import { readLayout } from './read-layout.ts';
import type { S3Client } from './s3-client.ts';

interface Seen {
  readonly model: LaidOutModel | undefined;
  readonly atMs: number;
}

/**
 * The models that the keys of a bucket lay out, as of a listing that is at most `refreshMs` old.
 *
 * Callers that come while it is being made share it; only `find` always asks anew.
 */
export class BucketCatalog {
  readonly #client: S3Client;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #refreshMs: number;
  readonly #finding = new Map<string, Promise<LaidOutModel | undefined>>();
  #seen = new Map<string, Seen>();
  #allAtMs = Number.NEGATIVE_INFINITY;
  #listing: Promise<void> | undefined;
  #fingerprint = '';

  constructor(client: S3Client, prefix: string, clock: Clock, refreshMs: number) {
    this.#client = client;
    this.#prefix = prefix;
    this.#clock = clock;
    this.#refreshMs = refreshMs;
  }

  /** Changes whenever what was listed did. */
  get fingerprint(): string {
    return this.#fingerprint;
  }

  /** Every model. */
  async all(): Promise<readonly LaidOutModel[]> {
    if (!this.#isFresh(this.#allAtMs)) await this.refresh();
    return [...this.#seen.values()].flatMap(({ model }) => model ?? []);
  }

  /** One model; undefined where there is none. */
  async model(name: string): Promise<LaidOutModel | undefined> {
    const { model, atMs } = this.#seen.get(name) ?? { model: undefined, atMs: this.#allAtMs };
    if (this.#isFresh(atMs)) return model;
    const finding = this.#finding.get(name) ?? this.find(name).finally(() => this.#finding.delete(name));
    this.#finding.set(name, finding);
    return finding;
  }

  /** One model, as the bucket has it now. */
  async find(name: string): Promise<LaidOutModel | undefined> {
    const objects = await listObjects(this.#client, `${this.#prefix}${name}/`);
    const model = readLayout(objects, this.#prefix).get(name);
    this.#seen.set(name, { model, atMs: this.#clock.now() });
    return model;
  }

  /** Lists all anew. */
  refresh(): Promise<void> {
    this.#listing ??= this.#list().finally(() => {
      this.#listing = undefined;
    });
    return this.#listing;
  }

  /** Makes the next call list anew: this process has changed something. */
  forget(): void {
    this.#seen.clear();
    this.#allAtMs = Number.NEGATIVE_INFINITY;
  }

  async #list(): Promise<void> {
    // Of what changes while S3 lists, the listing may tell or not: it counts from its start.
    const atMs = this.#clock.now();
    const objects = await listObjects(this.#client, this.#prefix);
    const models = [...readLayout(objects, this.#prefix)];
    this.#seen = new Map(models.map(([name, model]) => [name, { model, atMs }]));
    this.#allAtMs = atMs;
    this.#fingerprint = objects.map(({ key, etag }) => `${key} ${etag}`).join('\n');
  }

  #isFresh(atMs: number): boolean {
    return this.#clock.now() - atMs < this.#refreshMs;
  }
}

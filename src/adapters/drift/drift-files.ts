import { collectInParallel } from '../../core/batch/collect-in-parallel.ts';
import type { Baseline } from '../../core/drift/baseline.ts';
import type { Sketch } from '../../core/drift/sketch.ts';
import { onePiece } from '../../core/one-piece.ts';
import { readsAtOnce } from '../../core/reads-at-once.ts';
import type { RewritableStore, StoredFile } from '../../ports/object-store.ts';
import { newestText } from '../newest-text.ts';
import { openRepositoryFolder } from '../open-repository-folder.ts';

/** A baseline, and what its file was then. */
export interface StoredBaseline {
  readonly baseline: Baseline;
  /** Changes with the content. */
  readonly file: string;
}

/** The files of `.drift` in a model repository: of each version a baseline, and a sketch for each host and day. */
export class DriftFiles {
  readonly #store: RewritableStore;

  constructor(store: RewritableStore) {
    this.#store = store;
  }

  /** Those of the repository at `uri`. */
  static of(uri: string): DriftFiles {
    return new DriftFiles(openRepositoryFolder(uri, '.drift'));
  }

  /** Undefined where a version has none. Rejects where it cannot be read. */
  async baseline(model: string, version: number): Promise<StoredBaseline | undefined> {
    const file = await this.#store.find(baselineKey(model, version));
    return file && { baseline: await this.#read<Baseline>(file), file: file.version };
  }

  /** What changes with a version's baseline; undefined where it has none. */
  async baselineFile(model: string, version: number): Promise<string | undefined> {
    return (await this.#store.find(baselineKey(model, version)))?.version;
  }

  /** Stores a baseline where there is none; false where there is one. */
  async create(baseline: Baseline): Promise<boolean> {
    const key = baselineKey(baseline.model, baseline.version);
    return (await this.#store.create(key, onePiece(bytesOf(baseline)))).isNew;
  }

  /** Stores a baseline in place of the one that there is: sketches of that one count no more. */
  async replace(baseline: Baseline): Promise<void> {
    await this.#store.replace(baselineKey(baseline.model, baseline.version), bytesOf(baseline));
  }

  /** Stores what a host has seen on a day. */
  async putSketch({ model, version }: Baseline, day: string, host: string, sketch: Sketch): Promise<void> {
    await this.#store.replace(`${model}/${version}/${day}/${host}.json`, bytesOf(sketch));
  }

  /** What all hosts have seen on the days from one to another, both as `2026-11-29`. */
  async sketches({ model, version }: Baseline, from: string, to: string): Promise<readonly Sketch[]> {
    const prefix = `${model}/${version}/`;
    const files = (await this.#store.list(prefix)).filter(({ key }) => {
      const [day = '', host] = key.slice(prefix.length).split('/');
      return host !== undefined && day >= from && day <= to;
    });
    return collectInParallel(files, readsAtOnce, (file) => this.#read<Sketch>(file));
  }

  async #read<T>(file: StoredFile): Promise<T> {
    // A host may have written it again meanwhile.
    return JSON.parse((await newestText(this.#store, file)).text) as T;
  }
}

function baselineKey(model: string, version: number): string {
  return `${model}/${version}/baseline.json`;
}

function bytesOf(value: Baseline | Sketch): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}

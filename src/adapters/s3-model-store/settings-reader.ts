import type { ModelConfig, StoredModel } from '../../ports/model-store.ts';
import { fillModelConfig } from '../directory-model-store/fill-model-config.ts';
import { readReleases } from '../directory-model-store/read-releases.ts';
import { type ReadSettings, storedModel } from '../directory-model-store/stored-model.ts';
import type { LaidOutModel } from './laid-out-model.ts';
import type { StoredObject } from './stored-object.ts';
import type { TextReader } from './text-reader.ts';
import { toServiceError } from './to-service-error.ts';

/** Reads model.json and aliases.json of laid-out models; a file whose ETag is known is not read again. */
export class SettingsReader {
  readonly #texts: TextReader;
  /** ETags of aliases.json, by model. */
  readonly #told = new Map<string, string | undefined>();

  constructor(texts: TextReader) {
    this.#texts = texts;
  }

  /**
   * The model with its settings, as stores tell of it; undefined where there is nothing but settings, and they are no
   * ensemble's.
   */
  async read(model: LaidOutModel): Promise<StoredModel | undefined> {
    this.#told.set(model.name, model.aliases?.etag);
    const [config, releases] = await Promise.all([
      this.#config(model.config),
      readReleases(async () => model.aliases && this.#text(model.aliases)),
    ]);
    const { name, misplaced } = model;
    const versions = [...model.versions.keys()].filter((version) => !releases.value.versionNotes[version]?.deleted);
    return storedModel({ name, versions, misplaced }, config, releases);
  }

  /** The ETag of the aliases.json that was last told of; undefined where there was none. */
  toldReleases(name: string): string | undefined {
    return this.#told.get(name);
  }

  async #config(object: StoredObject | undefined): Promise<ReadSettings<ModelConfig>> {
    if (!object) return { value: fillModelConfig({}) };
    // What checks the schema takes as long to load as a small model: only models with settings wait for it.
    const { readModelConfig } = await import('../directory-model-store/read-model-config.ts');
    return readModelConfig(() => this.#text(object));
  }

  async #text(object: StoredObject): Promise<string | undefined> {
    return this.#texts.newest(object).catch((error) => {
      throw toServiceError('it', 'read from', error);
    });
  }
}

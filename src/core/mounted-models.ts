import type { Caller } from '../ports/caller.ts';
import type { ModelMounts } from '../ports/model-mounts.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { ModelRepository } from './model-repository.ts';
import { Turns } from './turns.ts';

export interface MountedModel {
  readonly modelName: string;
  readonly modelUrl: string;
}

/**
 * Loads and unloads models that somebody else decides about, one after the other: none goes to make room for another,
 * so that what there is of memory is told as it is.
 */
export class MountedModels {
  readonly #repository: ModelRepository;
  readonly #mounts: ModelMounts;
  readonly #maxBytes: number;
  readonly #turns = new Turns();

  /** @param maxBytes of the files of loaded models, those of the repository included */
  constructor(repository: ModelRepository, mounts: ModelMounts, maxBytes: number) {
    this.#repository = repository;
    this.#mounts = mounts;
    this.#maxBytes = maxBytes;
  }

  /** Those that a caller may know of. */
  list(caller: Caller | undefined): readonly MountedModel[] {
    const seen = [...this.#mounts.folders].filter(([name]) => caller?.sees(name) ?? true);
    return seen.map(([modelName, modelUrl]) => ({ modelName, modelUrl }));
  }

  /** Throws 404 for one that is not loaded. */
  find(name: string): MountedModel {
    const modelUrl = this.#mounts.folders.get(name);
    if (modelUrl !== undefined) return { modelName: name, modelUrl };
    throw new ServiceError(404, `model '${name.slice(0, 256)}' is not loaded; POST /models loads it`);
  }

  /**
   * Rejects with 409 where it is loaded already, 507 where there is no memory for it, 400 where there is no model in
   * `folder`, 503 where it does not load.
   */
  load(name: string, folder: string): Promise<void> {
    return this.#turns.take(async () => {
      if (this.#repository.names().includes(name)) throw new ServiceError(409, `model '${name}' is loaded already`);
      const bytes = await this.#mounts.mount(name, folder);
      try {
        const free = this.#maxBytes - this.#loadedBytes();
        if (bytes > free) throw noMemory(`model '${name}' takes ${bytes} bytes, and ${free} of the budget are free`);
        await this.#repository.load(name);
      } catch (error) {
        await this.#forget(name);
        throw isOutOfMemory(error) ? noMemory((error as Error).message) : error;
      }
    });
  }

  /** Rejects with 404 where it is not loaded. Requests under way are answered first. */
  unload(name: string): Promise<void> {
    return this.#turns.take(() => {
      this.find(name);
      return this.#forget(name);
    });
  }

  async #forget(name: string): Promise<void> {
    this.#mounts.unmount(name);
    await this.#repository.refresh();
  }

  #loadedBytes(): number {
    const versions = this.#repository.names().flatMap((name) => this.#repository.versions(name));
    return versions.reduce((sum, { session, bytes }) => sum + (session ? bytes : 0), 0);
  }
}

function noMemory(reason: string): ServiceError {
  return new ServiceError(507, `there is no memory: ${reason}; unload a model first`);
}

/** Whether a load failed as the runtime could not have the memory that it asked for. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof ServiceError && /bad_alloc|allocate memory/i.test(error.message);
}

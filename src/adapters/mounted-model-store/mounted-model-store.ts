import { selectVersions } from '../../core/select-versions.ts';
import type { ModelMounts } from '../../ports/model-mounts.ts';
import type {
  ModelFiles,
  ModelStore,
  NotPrepared,
  PreparedFiles,
  ReleaseState,
  StoredModel,
} from '../../ports/model-store.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { modelName } from '../directory-model-store/model-name.ts';
import { findMounted } from './find-mounted.ts';

interface Mount {
  readonly folder: string;
  readonly store: ModelStore;
  readonly inner: string;
}

/** A model repository, or none, and beside it the models that are mounted: these load at once, and stay. */
export class MountedModelStore implements ModelStore, ModelMounts {
  readonly #repository: ModelStore | undefined;
  readonly #mounts = new Map<string, Mount>();

  constructor(repository: ModelStore | undefined) {
    this.#repository = repository;
  }

  get hasRepository(): boolean {
    return this.#repository !== undefined;
  }

  get folders(): ReadonlyMap<string, string> {
    return new Map([...this.#mounts].map(([name, { folder }]) => [name, folder]));
  }

  async mount(name: string, folder: string): Promise<number> {
    if (!modelName.test(name)) throw new ServiceError(400, `'${name.slice(0, 256)}' is no name for a model`);
    const { store, model } = await findMounted(folder);
    const files = await Promise.all(selectVersions(model).map((version) => store.fetch(model.name, version)));
    this.#mounts.set(name, { folder, store, inner: model.name });
    return files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  unmount(name: string): void {
    this.#mounts.delete(name);
  }

  async list(): Promise<readonly StoredModel[]> {
    const mounted = await Promise.all([...this.#mounts.keys()].map((name) => this.find(name)));
    return [...((await this.#repository?.list()) ?? []), ...mounted.filter((model) => model !== undefined)];
  }

  async find(name: string): Promise<StoredModel | undefined> {
    const mount = this.#mounts.get(name);
    if (!mount) return this.#repository?.find(name);
    const model = await mount.store.find(mount.inner);
    return model && { ...model, name, config: { ...model.config, load: 'start', pinned: true } };
  }

  async fetch(name: string, version: number): Promise<ModelFiles> {
    const { store, inner } = this.#place(name);
    return store.fetch(inner, version);
  }

  async fetchPrepared(name: string, version: number): Promise<PreparedFiles | NotPrepared> {
    const { store, inner } = this.#place(name);
    return store.fetchPrepared(inner, version);
  }

  async digest(name: string, version: number): Promise<string> {
    const { store, inner } = this.#place(name);
    return store.digest(inner, version);
  }

  async putPrepared(name: string, version: number, digest: string, folder: string): Promise<void> {
    const { store, inner } = this.#place(name);
    await store.putPrepared(inner, version, digest, folder);
  }

  async readText(name: string, version: number, file: string): Promise<string> {
    const { store, inner } = this.#place(name);
    return store.readText(inner, version, file);
  }

  async put(name: string, version: number, files: ReadonlyMap<string, string>): Promise<void> {
    const { store, inner } = this.#place(name);
    await store.put(inner, version, files);
  }

  async remove(name: string, version: number): Promise<void> {
    const { store, inner } = this.#place(name);
    await store.remove(inner, version);
  }

  async changeReleases(name: string, change: (before: ReleaseState) => ReleaseState): Promise<ReleaseState> {
    const { store, inner } = this.#place(name);
    return store.changeReleases(inner, change);
  }

  async hasNewReleases(name: string): Promise<boolean> {
    const { store, inner } = this.#place(name);
    return store.hasNewReleases(inner);
  }

  watch(changed: () => void): () => void {
    return this.#repository?.watch(changed) ?? (() => undefined);
  }

  #place(name: string): { store: ModelStore; inner: string } {
    const mount = this.#mounts.get(name);
    if (mount) return mount;
    if (this.#repository) return { store: this.#repository, inner: name };
    throw new ServiceError(404, `model '${name}' is not mounted`);
  }
}

import { fillModelConfig } from '../../src/adapters/directory-model-store/fill-model-config.ts';
import { emptyReleases } from '../../src/core/releases/empty-releases.ts';
import type {
  ModelConfig,
  ModelFiles,
  ModelStore,
  ModelTraits,
  NotPrepared,
  PreparedFiles,
  ReleaseState,
  StoredModel,
} from '../../src/ports/model-store.ts';
import type { StoredAnswer } from '../../src/ports/stored-answer.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

export const defaultConfig: ModelConfig = fillModelConfig({});

/** A store in memory: models that tests add, each version of `bytes` bytes. */
export class FakeStore implements ModelStore {
  readonly models = new Map<string, StoredModel>();
  bytes = 100;
  traits: ModelTraits = { operators: ['Add'], mixesRows: '' };
  texts: Record<string, string> = {};
  /** What files are, where that changed: by name and version. */
  readonly digests = new Map<string, string>();
  /** What prepared forms must answer, by model; those not named have none. */
  readonly answers = new Map<string, StoredAnswer>();
  notPrepared: NotPrepared = { whyNot: 'none fits this machine', wasTried: false };
  /** Paths of what was fetched and not released. */
  readonly held = new Set<string>();

  add(
    name: string,
    versions: readonly number[] = [1],
    more: Partial<Omit<StoredModel, 'config'>> & { config?: Partial<ModelConfig> } = {},
  ): void {
    this.models.set(name, {
      name,
      versions,
      ...emptyReleases,
      misplaced: [],
      ...more,
      config: { ...defaultConfig, ...more.config },
    });
  }

  async list(): Promise<readonly StoredModel[]> {
    return [...this.models.values()];
  }

  async find(name: string): Promise<StoredModel | undefined> {
    return this.models.get(name);
  }

  async fetch(name: string, version: number): Promise<ModelFiles> {
    if (!this.models.get(name)?.versions.includes(version)) throw new ServiceError(404, 'gone');
    const path = `/${name}/${version}/model.onnx`;
    this.held.add(path);
    return {
      path,
      folder: `/${name}/${version}`,
      bytes: this.bytes,
      ...this.traits,
      release: () => this.held.delete(path),
    };
  }

  async fetchPrepared(name: string, version: number): Promise<PreparedFiles | NotPrepared> {
    const answer = this.answers.get(name);
    if (!answer) return this.notPrepared;
    const path = `/${name}/${version}/.prepared/model.onnx`;
    this.held.add(path);
    const files = { path, folder: `/${name}/${version}/.prepared`, bytes: this.bytes, ...this.traits };
    return { ...files, answer, release: () => this.held.delete(path) };
  }

  async digest(name: string, version: number): Promise<string> {
    if (!this.models.get(name)?.versions.includes(version)) throw new ServiceError(404, 'gone');
    const key = `${name}-${version}`;
    return this.digests.get(key) ?? key;
  }

  async putPrepared(): Promise<void> {}

  async readText(_name: string, _version: number, file: string): Promise<string> {
    const text = this.texts[file];
    if (text === undefined) throw new ServiceError(404, `there is no ${file}`);
    return text;
  }

  async put(): Promise<void> {}

  async remove(): Promise<void> {}

  async changeReleases(name: string, change: (before: ReleaseState) => ReleaseState): Promise<ReleaseState> {
    const model = this.models.get(name);
    if (!model) throw new ServiceError(404, `there is no model '${name}'`);
    const after = change(model);
    this.models.set(name, { ...model, ...after });
    return after;
  }

  /** Models whose aliases were asked for. */
  readonly looked: string[] = [];

  async hasNewReleases(name: string): Promise<boolean> {
    this.looked.push(name);
    return true;
  }

  watch(): () => void {
    return () => undefined;
  }
}

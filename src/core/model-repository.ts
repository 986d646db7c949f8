import type { ModelStore, StoredModel } from '../ports/model-store.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { type ModelState, ModelVersion } from './model-version.ts';
import { selectVersions } from './select-versions.ts';
import type { SessionCache } from './session-cache.ts';

/** A row of the repository index. */
export interface IndexEntry {
  readonly name: string;
  readonly version?: string;
  readonly state: ModelState;
  readonly reason: string;
}

interface ServedModel {
  stored: StoredModel;
  readonly versions: Map<number, ModelVersion>;
  /** False once a caller unloaded it: it stays so until it is loaded again. */
  wanted: boolean;
}

const versionNumber = /^[1-9][0-9]{0,15}$/;

/**
 * The models that this server declares, and which version a request means.
 *
 * What the store holds is declared; what is declared and set to load at the start must be loaded, and
 * have answered its warm-up, before the server is ready. Loading or unloading one model leaves the others as they are.
 */
export class ModelRepository {
  readonly #models = new Map<string, ServedModel>();
  readonly #store: ModelStore;
  readonly #sessions: SessionCache;
  #refreshing: Promise<void> | undefined;
  #started = false;

  constructor(store: ModelStore, sessions: SessionCache) {
    this.#store = store;
    this.#sessions = sessions;
  }

  /** Takes in what the store has now, loads what is new and ought to be loaded, then lets go of what went. */
  async refresh(): Promise<void> {
    const before = this.#refreshing;
    const refreshing = (before ?? Promise.resolve()).then(() => this.#refresh());
    this.#refreshing = refreshing.catch(() => undefined);
    await refreshing;
  }

  async #refresh(): Promise<void> {
    const stored = await this.#store.list();
    const names = new Set(stored.map((model) => model.name));
    for (const [name, model] of this.#models) {
      if (names.has(name)) continue;
      this.#models.delete(name);
      await this.#retire([...model.versions.values()], 'removed from the store');
    }
    for (const model of stored) if (!this.#models.has(model.name)) this.#declare(model);
    for (const model of stored) await this.#bringUp(model);
    this.#started = true;
  }

  #declare(stored: StoredModel): ServedModel {
    const model = { stored, versions: new Map<number, ModelVersion>(), wanted: true };
    for (const version of selectVersions(stored)) {
      model.versions.set(version, new ModelVersion(stored.name, version, stored.config));
    }
    this.#models.set(stored.name, model);
    return model;
  }

  /** Loads the versions that `stored` has anew before callers see them, so that no request falls between two versions. */
  async #bringUp(stored: StoredModel): Promise<void> {
    const model = this.#models.get(stored.name);
    if (!model) return;
    const changed = JSON.stringify(model.stored.config) !== JSON.stringify(stored.config);
    const next = new Map<number, ModelVersion>();
    for (const version of stored.problem ? [] : selectVersions(stored)) {
      const known = changed ? undefined : model.versions.get(version);
      next.set(version, known ?? new ModelVersion(stored.name, version, stored.config));
    }
    if (model.wanted && stored.config.load === 'start')
      await Promise.all([...next.values()].map((version) => this.#tryLoad(version)));
    const gone = [...model.versions.values()].filter((version) => next.get(version.version) !== version);
    const broken = [...next.values()].some((version) => !version.session && version.state !== 'READY');
    const fallback =
      broken && !stored.problem ? gone.filter((version) => stored.versions.includes(version.version)) : [];
    for (const version of fallback) next.set(version.version, version);
    model.stored = stored;
    model.versions.clear();
    for (const [number, version] of [...next].sort(([a], [b]) => a - b)) model.versions.set(number, version);
    await this.#retire(
      gone.filter((version) => !fallback.includes(version)),
      'replaced',
    );
  }

  async #tryLoad(version: ModelVersion): Promise<void> {
    // Why a load failed stays on record in the version's state.
    await this.#sessions.load(version).catch(() => undefined);
  }

  async #retire(versions: readonly ModelVersion[], reason: string): Promise<void> {
    await Promise.all(versions.map((version) => this.#sessions.unload(version, reason)));
  }

  /**
   * The version that a request means: a number or an alias; without one, the alias `production` if there is
   * one, else the newest that is loaded, else the newest. Throws 404 for what is not there, 503 for an unloaded model.
   */
  resolve(name: string, reference?: string): ModelVersion {
    const model = this.#find(name);
    if (!model.wanted)
      throw new ServiceError(503, `model '${name}' is unloaded; load it with POST /v2/repository/models/${name}/load`, {
        retryAfterSeconds: 1,
      });
    if (model.stored.problem)
      throw new ServiceError(503, `model '${name}' cannot be served: ${model.stored.problem}`, {
        retryAfterSeconds: 60,
      });
    const { aliases } = model.stored;
    const wanted = reference ?? (Object.hasOwn(aliases, 'production') ? 'production' : undefined);
    if (wanted === undefined) return this.#newest(model);
    const number = Object.hasOwn(aliases, wanted)
      ? aliases[wanted]
      : versionNumber.test(wanted)
        ? Number(wanted)
        : undefined;
    const version = number === undefined ? undefined : model.versions.get(number);
    if (version) return version;
    const known = [...model.versions.keys(), ...Object.keys(aliases)].join(', ');
    throw new ServiceError(404, `model '${name}' has no version or alias '${wanted}'; it has ${known || 'none'}`);
  }

  #newest(model: ServedModel): ModelVersion {
    const versions = [...model.versions.values()].reverse();
    const version = versions.find((candidate) => candidate.session) ?? versions[0];
    if (version) return version;
    throw new ServiceError(404, `model '${model.stored.name}' has no version that its version policy serves`);
  }

  #find(name: string): ServedModel {
    const model = this.#models.get(name);
    if (model) return model;
    throw new ServiceError(404, `there is no model '${name.slice(0, 256)}'; GET /v2/models lists those there are`);
  }

  /** Names of all declared models. */
  names(): readonly string[] {
    return [...this.#models.keys()];
  }

  /** The versions of a model that are served, ascending. Throws 404. */
  versions(name: string): readonly ModelVersion[] {
    return [...this.#find(name).versions.values()];
  }

  /** Loads a model, as it is in the store now. Rejects with 404 where it has none, 503 with the reason where it does not load. */
  async load(name: string): Promise<void> {
    const stored = await this.#store.find(name);
    if (!stored) throw new ServiceError(404, `there is no model '${name.slice(0, 256)}' in the store`);
    const model = this.#models.get(name) ?? this.#declare(stored);
    model.wanted = true;
    if (stored.problem) throw new ServiceError(503, `model '${name}' cannot be served: ${stored.problem}`);
    for (const version of model.versions.values()) this.#sessions.forgetFailure(version);
    await this.#bringUp(stored);
    for (const version of model.versions.values()) await this.#sessions.load(version);
  }

  /** Unloads all versions of a model; requests under way are answered first. Throws 404. */
  async unload(name: string): Promise<void> {
    const model = this.#find(name);
    model.wanted = false;
    await this.#retire([...model.versions.values()], 'unloaded');
  }

  /** Whether every declared model that loads at the start is loaded and answered its warm-up. */
  isReady(): boolean {
    return this.#started && [...this.#models.values()].every((model) => this.#problem(model) === undefined);
  }

  /** What keeps the server from being ready, in words. */
  whyNotReady(): string {
    if (!this.#started) return 'the models are loading';
    return [...this.#models.values()].flatMap((model) => this.#problem(model) ?? []).join('; ');
  }

  #problem(model: ServedModel): string | undefined {
    if (!model.wanted) return undefined;
    if (model.stored.problem) return `model '${model.stored.name}': ${model.stored.problem}`;
    if (model.stored.config.load === 'first-use') return undefined;
    const waiting = [...model.versions.values()].find((version) => !version.ready);
    return waiting && `${waiting.label} is ${waiting.state}${waiting.reason && `: ${waiting.reason}`}`;
  }

  /** State and reason of each version, or of a model that has none to serve. */
  index(): readonly IndexEntry[] {
    return [...this.#models.values()].flatMap((model) => entries(model));
  }
}

function entries({ stored, versions }: ServedModel): readonly IndexEntry[] {
  if (stored.problem || versions.size === 0) {
    const reason = stored.problem ?? 'no version that the version policy serves';
    return [{ name: stored.name, state: 'UNAVAILABLE', reason }];
  }
  return [...versions.values()].map(({ version, state, reason }) => ({
    name: stored.name,
    version: String(version),
    state,
    reason,
  }));
}

import type { ModelStore, StoredModel, VersionNote } from '../ports/model-store.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { partNames } from './ensembles/part-names.ts';
import { inLoadOrder } from './in-load-order.ts';
import type { IndexEntry } from './index-entry.ts';
import type { Meant } from './meant.ts';
import { modelNotFound } from './model-not-found.ts';
import type { ModelVersion } from './model-version.ts';
import { ServedModel } from './served-model.ts';
import type { SessionCache } from './session-cache.ts';
import { Turns } from './turns.ts';

/** The known word that `word` is most likely a slip for; undefined where none is near. */
type NearestWord = (word: string, known: readonly string[]) => string | undefined;

/** Of a model that nobody has asked for as long, the next listing tells. */
const lateMs = 60_000;

/**
 * The models that this server declares, and which version a request means.
 *
 * What the store holds is declared. What was there at the start, and loads at the start, must answer before the
 * server is ready; what comes later counts from when it first answered, so that nothing new takes the server out
 * of service. Loading or unloading one model leaves the others as they are.
 */
export class ModelRepository {
  readonly #models = new Map<string, ServedModel>();
  readonly #atStart = new WeakSet<ServedModel>();
  readonly #store: ModelStore;
  readonly #sessions: SessionCache;
  readonly #nearest: NearestWord;
  readonly #turns = new Turns();
  /** The store was read, so that it is known which models there are. */
  #isListed = false;

  constructor(store: ModelStore, sessions: SessionCache, nearest: NearestWord = () => undefined) {
    this.#store = store;
    this.#sessions = sessions;
    this.#nearest = nearest;
  }

  /**
   * Takes in what the store has now, loads what is new and ought to be loaded, then lets go of what went. Rejects where
   * the store cannot be read.
   */
  refresh(): Promise<void> {
    return this.#turns.take(async () => {
      const stored = new Map((await this.#store.list()).map((model) => [model.name, model]));
      for (const [name, model] of this.#models) {
        if (stored.has(name)) continue;
        this.#models.delete(name);
        await model.remove();
      }
      for (const [name, model] of stored) {
        if (this.#models.has(name)) continue;
        const served = this.#served(model);
        if (!this.#isListed) this.#atStart.add(served);
      }
      this.#isListed = true;
      await this.#refreshAll(inLoadOrder(stored.values()));
    });
  }

  /** One after the other; only those that ask another server, which may take long to answer, keep nobody waiting. */
  async #refreshAll(models: readonly StoredModel[]): Promise<void> {
    const beside = new Map<string, Promise<void>>();
    for (const model of models) {
      const { ensemble } = model.config;
      const parts = partNames(ensemble).flatMap((part) => beside.get(part) ?? []);
      const refresh = () => this.#models.get(model.name)?.refresh(model);
      if (parts.length === 0 && !ensemble?.steps.some(({ server }) => server !== undefined)) {
        await refresh();
        continue;
      }
      const refreshing = Promise.all(parts).then(refresh);
      // It is waited for below.
      refreshing.catch(() => undefined);
      beside.set(model.name, refreshing);
    }
    await Promise.all(beside.values());
  }

  /**
   * Takes in one model as the store has it now, as `refresh` does all of them. Rejects where the store cannot be read.
   */
  takeIn(name: string): Promise<void> {
    return this.#turns.take(async () => {
      const stored = await this.#store.find(name);
      if (!stored) return;
      await this.#served(stored).refresh(stored);
      await this.#refreshMadeOf(name);
    });
  }

  /** A model of the store, which is declared from then on. */
  #served(stored: StoredModel): ServedModel {
    const model = this.#models.get(stored.name) ?? new ServedModel(stored, this.#sessions);
    this.#models.set(stored.name, model);
    return model;
  }

  /**
   * Takes in what aliases lead to now, of the models that were asked for lately: one small request for each, and no
   * listing, so that it may be asked often. Rejects where the store cannot be read.
   */
  async refreshReleases(now: number): Promise<void> {
    const names = [...this.#models.values()].filter((model) => now - model.askedMs <= lateMs && model.hasAliases);
    await Promise.all(
      names.map(async ({ name }) => {
        if (!(await this.#store.hasNewReleases(name))) return;
        const stored = await this.#store.find(name);
        if (!stored) return;
        await this.#models.get(name)?.refresh(stored);
        await this.#refreshMadeOf(name);
      }),
    );
  }

  /**
   * The version that a request means. Throws 404 for what is not there, 503 where the model is not served, or it is not
   * known yet what is there.
   */
  resolve(name: string, reference?: string): ModelVersion {
    return this.#find(name).resolve(reference);
  }

  /** As `resolve`, with the alias that leads there, and what else that leads to. */
  meant(name: string, reference: string | undefined, now: number): Meant {
    const model = this.#find(name);
    model.askedMs = now;
    return model.meant(reference);
  }

  /** What each alias of a model means that is served. Throws 404. */
  aliases(name: string): readonly Meant[] {
    return this.#find(name).aliases();
  }

  /** What became of a version of a model; undefined where there is nothing to say. */
  noteOf(name: string, version: number): VersionNote | undefined {
    return this.#models.get(name)?.stored.versionNotes[version];
  }

  #find(name: string): ServedModel {
    const model = this.#models.get(name);
    if (model) return model;
    this.#checkListed();
    const asked = name.slice(0, 256);
    const near = this.#nearest(asked, this.names());
    const hint = near === undefined ? '' : `did you mean '${near}'? `;
    const message = (near: string) =>
      `there is no model '${asked}'; ${near}GET /v1/models or /v2/models lists those there are`;
    throw modelNotFound(message(hint), message(''));
  }

  #checkListed(): void {
    if (this.#isListed) return;
    throw new ServiceError(503, 'the server has just started, and does not know yet which models there are', {
      retryAfterSeconds: 1,
    });
  }

  /** What the store has of a model, as it was when it was looked at last. Throws 404. */
  stored(name: string): StoredModel {
    return this.#find(name).stored;
  }

  /** A small text file of a stored version. Rejects with 404, or 503 where it cannot be read. */
  readText(name: string, version: number, file: string): Promise<string> {
    return this.#store.readText(name, version, file);
  }

  /** Names of all declared models that are known by now. */
  names(): readonly string[] {
    return this.#declared().map((model) => model.name);
  }

  /** Names of all declared models. Throws 503 where it is not known yet what is there. */
  listed(): readonly string[] {
    this.#checkListed();
    return this.names();
  }

  /** The versions of a model that its settings call for, ascending, those that do not load among them. Throws 404. */
  versions(name: string): readonly ModelVersion[] {
    return this.#find(name).versions;
  }

  /**
   * Loads a model, as it is in the store now, and first what it is made of, where that is not served.
   * Rejects with 404 where the store has none, 503 with the reason where it does not load.
   */
  async load(name: string): Promise<void> {
    await this.#load(name, new Set());
    await this.#refreshMadeOf(name);
  }

  /** What is made of a model is to run on the versions that its steps mean now. */
  async #refreshMadeOf(name: string): Promise<void> {
    for (const whole of this.#madeOf(name)) await whole.refreshAgain();
  }

  async #load(name: string, underWay: Set<string>): Promise<void> {
    underWay.add(name);
    const stored = await this.#store.find(name);
    if (!stored) throw new ServiceError(404, `there is no model '${name.slice(0, 256)}' in the store`);
    for (const part of partNames(stored.config.ensemble)) {
      const known = this.#models.get(part);
      const isServed = known?.isWanted && known.whyNotReady() === undefined;
      // A part that there is not, was unloaded by its name, or does not load, is told of by what is made of it.
      if (!isServed && !known?.isHeldBack && !underWay.has(part))
        await this.#load(part, underWay).catch(() => undefined);
    }
    await this.#served(stored).load(stored);
  }

  /**
   * Unloads all versions of a model; requests under way are answered first. Then those of `parts`, in their order, but
   * for what others that are served are made of. Throws 404.
   */
  async unload(name: string, parts: readonly string[] = []): Promise<void> {
    await this.#find(name).unload(false);
    for (const part of parts) {
      const isNeeded = this.#madeOf(part).some(({ isWanted }) => isWanted);
      const model = this.#models.get(part);
      if (model?.isWanted && !isNeeded) await model.unload(true);
    }
  }

  /** Models that a model is made of, and what those are made of, each before its own parts. Throws 404. */
  partsOf(name: string): readonly string[] {
    const names = new Set(this.#find(name).partNames);
    const wholesFirst = inLoadOrder([...this.#models.values()].map(({ stored }) => stored)).toReversed();
    const parts = wholesFirst.filter((model) => {
      const isPart = names.has(model.name);
      if (isPart) for (const part of partNames(model.config.ensemble)) names.add(part);
      return isPart;
    });
    return parts.map((model) => model.name);
  }

  /** Models that have the model `name` as a step, or have such as a step, each after what it is made of. */
  #madeOf(name: string): readonly ServedModel[] {
    const names = new Set([name]);
    const ordered = inLoadOrder([...this.#models.values()].map(({ stored }) => stored));
    const models = ordered.flatMap((stored) => this.#models.get(stored.name) ?? []);
    return models.filter((model) => {
      const isMadeOf = model.partNames.some((part) => names.has(part));
      if (isMadeOf) names.add(model.name);
      return isMadeOf;
    });
  }

  /** Whether every declared model that counts would answer, and there is one that does. */
  isReady(): boolean {
    return this.whyNotReady() === '';
  }

  /** What keeps the server from being ready, in words; empty where it is. */
  whyNotReady(): string {
    if (!this.#isListed) return 'the models are being listed';
    const counting = this.#declared().filter((model) => this.#atStart.has(model) || model.hasServed);
    const waiting = counting.filter((model) => model.isWanted && model.loadsAtStart);
    const reasons = (counting.length > 0 ? waiting : this.#declared()).flatMap((model) => model.whyNotReady() ?? []);
    return [...(counting.length > 0 ? [] : ['there is no model to serve']), ...reasons].join('; ');
  }

  #declared(): readonly ServedModel[] {
    return [...this.#models.values()].filter((model) => model.isDeclared);
  }

  /**
   * What keeps a model, or one version of it, from answering; undefined where nothing does. Throws as `resolve` does.
   */
  whyModelNotReady(name: string, reference?: string): string | undefined {
    const version = this.resolve(name, reference);
    return reference === undefined ? this.#find(name).whyNotReady() : version.whyNotReady();
  }

  /** State and reason of each version, or of a model that has none to serve. */
  index(): readonly IndexEntry[] {
    return [...this.#models.values()].flatMap((model) => model.index());
  }

  /** What is wrong with the settings of models and their places in the store, for whoever keeps them. */
  problems(): readonly { readonly model: string; readonly problem: string }[] {
    return [...this.#models.values()].flatMap((model) =>
      model.problems().map((problem) => ({ model: model.name, problem })),
    );
  }
}

import type { AliasTarget, ModelConfig, StoredModel } from '../ports/model-store.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { Meant } from './meant.ts';
import { modelNotFound } from './model-not-found.ts';
import type { ModelVersion } from './model-version.ts';
import { versionLabel } from './version-label.ts';

/** Settings of a model that go together: they are taken in, or not, as one. */
export interface LineupSettings {
  readonly config: ModelConfig;
  /** By alias. */
  readonly aliases: Readonly<Record<string, AliasTarget>>;
}

const versionNumber = /^[1-9][0-9]{0,15}$/;

/** The versions of a model that its settings call for, and which of them a request means. */
export class Lineup {
  readonly settings: LineupSettings;
  readonly #name: string;
  readonly #stored: readonly number[];
  #versions: readonly ModelVersion[] = [];

  constructor({ name, versions }: StoredModel, { config, aliases }: LineupSettings) {
    this.#name = name;
    this.#stored = versions;
    this.settings = { config, aliases };
  }

  /** All versions, ascending, those that do not load among them. */
  get versions(): readonly ModelVersion[] {
    return this.#versions;
  }

  add(version: ModelVersion): void {
    this.#versions = [...this.#versions, version].sort((a, b) => a.version - b.version);
  }

  get(number: number | undefined): ModelVersion | undefined {
    return this.#versions.find(({ version }) => version === number);
  }

  /** What serves in `before`, and does not load here. */
  lostOf(before: Lineup | undefined): ModelVersion | undefined {
    return this.#versions.find(({ version, ready }) => !ready && before?.get(version)?.serves);
  }

  hasAlias(name: string): boolean {
    return Object.hasOwn(this.settings.aliases, name);
  }

  /**
   * The version that a request means: a number or an alias; without one, the alias `production` if there is one,
   * else the newest that is ready, else the newest. Throws 404 for what is not there, 503 where the settings name it.
   */
  resolve(reference?: string): ModelVersion {
    const found = this.#find(reference);
    if (found instanceof ServiceError) throw found;
    return found;
  }

  /** As `resolve`, with the alias that leads there, and what else that leads to. */
  meant(reference?: string): Meant {
    const version = this.resolve(reference);
    const alias = reference ?? 'production';
    if (!this.hasAlias(alias)) return { version };
    const target = this.settings.aliases[alias] as AliasTarget;
    const { canary, shadow } = target;
    return {
      version,
      alias,
      target,
      canary: canary && this.get(canary.version),
      shadow: shadow && this.get(shadow.version),
    };
  }

  /** What keeps a call without a version, or one by an alias, from being answered; undefined where nothing does. */
  whyNotReady(): string | undefined {
    const waiting = this.#meant().map((found) => (found instanceof ServiceError ? found.message : found.whyNotReady()));
    return this.problem() ?? waiting.find((reason) => reason !== undefined);
  }

  /** What the settings ask for that is not there; undefined where all is. */
  problem(): string | undefined {
    return this.#meant().find((found) => found instanceof ServiceError)?.message;
  }

  /** What calls without a version, and by each alias, mean. */
  #meant(): readonly (ModelVersion | ServiceError)[] {
    return [...Object.keys(this.settings.aliases), undefined].map((reference) => this.#find(reference));
  }

  #find(reference: string | undefined): ModelVersion | ServiceError {
    const wanted = reference ?? (this.hasAlias('production') ? 'production' : undefined);
    if (wanted === undefined) return this.#newest();
    const isAlias = this.hasAlias(wanted);
    const number = isAlias
      ? this.settings.aliases[wanted]?.version
      : versionNumber.test(wanted)
        ? Number(wanted)
        : undefined;
    return (
      this.get(number) ??
      (isAlias ? this.#broken(`alias '${wanted}' names version ${number}, which is not there`) : this.#unknown(wanted))
    );
  }

  #newest(): ModelVersion | ServiceError {
    const newest = this.#versions.findLast((version) => version.ready) ?? this.#versions.at(-1);
    return newest ?? this.#broken('its version policy serves none of the versions that there are');
  }

  #broken(reason: string): ServiceError {
    return new ServiceError(503, `model '${this.#name}': ${reason}`, { retryAfterSeconds: 60 });
  }

  #unknown(wanted: string): ServiceError {
    const aliases = Object.entries(this.settings.aliases).flatMap(([alias, to]) => (this.get(to.version) ? alias : []));
    const known = [...this.#versions.map(({ version }) => version), ...aliases].join(', ') || 'none';
    if (versionNumber.test(wanted) && this.#stored.includes(Number(wanted))) {
      const reason = 'is in the repository, but the version policy does not serve it';
      const way = `set versionPolicy in model.json, or an alias; it serves ${known}`;
      return modelNotFound(`${versionLabel(this.#name, wanted)} ${reason}: ${way}`);
    }
    return modelNotFound(`model '${this.#name}' has no version or alias '${wanted}'; it has ${known}`);
  }
}

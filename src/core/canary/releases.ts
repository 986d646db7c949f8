import type { Clock } from '../../ports/clock.ts';
import type { Canary } from '../../ports/model-store.ts';
import type { Timers } from '../../ports/timers.ts';
import type { Meant } from '../meant.ts';
import type { ModelRepository } from '../model-repository.ts';
import type { ModelVersion } from '../model-version.ts';
import { AliasRelease, type ReleaseParts } from './alias-release.ts';
import { BackgroundRuns } from './background-runs.ts';
import type { CallerIdentity } from './caller-identity.ts';
import { ChosenVersion } from './chosen-version.ts';

/** A canary that is to have no more calls. */
export interface CanaryStop {
  readonly model: string;
  readonly alias: string;
  readonly canary: Canary;
  readonly reason: string;
}

export interface ReleasesOptions {
  readonly timers: Timers;
  readonly clock: Clock;
  /** Runs beside calls wait until the host says that it has time. @default false */
  readonly isHeld?: boolean;
  /** Whether there are places for runs that no caller waits for. */
  isQuiet(): boolean;
  load(version: ModelVersion): void;
  /** Writes down that a canary has no more calls. @default it has none on this host, for as long as that runs */
  readonly takeBack?: ((stop: CanaryStop) => void) | undefined;
}

/** Which version of a model a call gets, and what becomes of those that are on trial. */
export class Releases {
  readonly background: BackgroundRuns;
  readonly #repository: ModelRepository;
  readonly #parts: ReleaseParts;
  readonly #clock: Clock;
  /** By model and alias. */
  readonly #known = new Map<string, AliasRelease>();

  constructor(repository: ModelRepository, options: ReleasesOptions) {
    this.background = new BackgroundRuns(options);
    this.#repository = repository;
    this.#clock = options.clock;
    this.#parts = {
      background: this.background,
      load: options.load,
      takeBack: ({ model, alias, canary }, reason) => {
        if (canary) options.takeBack?.({ model, alias, canary, reason });
      },
    };
  }

  /**
   * The version that answers a call. By an alias, or without a version where there is the alias `production`, it may be
   * a canary. Throws 404 for what is not there, 503 where the model is not served.
   */
  choose(model: string, reference: string | undefined, identity: CallerIdentity): ChosenVersion {
    const meant = this.#repository.meant(model, reference, this.#clock.now());
    const chosen = this.#of(meant)?.choose(meant, identity) ?? new ChosenVersion(meant.version, meant.alias);
    identity.onChosen?.(chosen.served);
    return chosen;
  }

  /** What is on trial now of all models, or of one. */
  list(model?: string): readonly AliasRelease[] {
    const names = model === undefined ? this.#repository.names() : [model];
    return names.flatMap((name) => this.#repository.aliases(name)).flatMap((meant) => this.#of(meant) ?? []);
  }

  /** Undefined where all calls by the alias get one version. */
  #of(meant: Meant): AliasRelease | undefined {
    const { version, alias, target } = meant;
    if (alias === undefined) return undefined;
    const key = `${version.name}/${alias}`;
    if (!(target?.canary || target?.shadow)) {
      this.#known.delete(key);
      return undefined;
    }
    const known = this.#known.get(key);
    if (known?.target === target && known.isHeldAgainst(version)) return known;
    const release = new AliasRelease({ ...meant, alias, target }, this.#parts, known);
    this.#known.set(key, release);
    return release;
  }
}

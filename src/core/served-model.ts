import type { StoredModel } from '../ports/model-store.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { partNames } from './ensembles/part-names.ts';
import type { IndexEntry } from './index-entry.ts';
import { Lineup, type LineupSettings } from './lineup.ts';
import type { Meant } from './meant.ts';
import { ModelVersion } from './model-version.ts';
import { selectVersions } from './select-versions.ts';
import type { SessionCache } from './session-cache.ts';
import { Turns } from './turns.ts';

/**
 * A model of the store as this server has it.
 *
 * What serves goes on serving until something takes its place: new versions are loaded before old ones go, and
 * settings that do not hold, or that name what does not load, are not taken in; the last that did stay in use.
 */
export class ServedModel {
  readonly name: string;
  readonly #sessions: SessionCache;
  readonly #turns = new Turns();
  #stored: StoredModel;
  /** What callers get; undefined until there were settings that hold. */
  #lineup: Lineup | undefined;
  /** What the store's settings call for, where that was not taken in. */
  #declined: Lineup | undefined;
  /** Versions whose place others took, and that ensembles run on yet. */
  #replaced: readonly ModelVersion[] = [];
  /** When a call last asked for it. */
  askedMs = Number.NEGATIVE_INFINITY;
  #wanted = true;
  #isHeldBack = false;
  #hasServed = false;

  constructor(stored: StoredModel, sessions: SessionCache) {
    this.name = stored.name;
    this.#stored = stored;
    this.#sessions = sessions;
    if (stored.problem === undefined) {
      this.#lineup = new Lineup(stored, stored);
      this.#declare(this.#lineup, selectVersions(stored), new Set());
    }
  }

  /** Whether the store has a whole version of it: what merely looks like a model is none. */
  get isDeclared(): boolean {
    return this.#stored.versions.length > 0;
  }

  /** False once a caller unloaded it: it stays so until it is loaded again. */
  get isWanted(): boolean {
    return this.#wanted;
  }

  /** Whether a caller unloaded it by its name: what is made of it does not load it again. */
  get isHeldBack(): boolean {
    return !this.#wanted && this.#isHeldBack;
  }

  /** Whether it answered requests at some time. */
  get hasServed(): boolean {
    return this.#hasServed;
  }

  get hasAliases(): boolean {
    return Object.keys(this.#stored.aliases).length > 0;
  }

  get loadsAtStart(): boolean {
    return this.#lineup?.settings.config.load !== 'first-use';
  }

  /** All versions that its settings call for, ascending, those that do not load among them. */
  get versions(): readonly ModelVersion[] {
    return this.#lineup?.versions ?? [];
  }

  /** The version that a request means. Throws 404 for what is not there, 503 where the model cannot be served. */
  resolve(reference?: string): ModelVersion {
    return this.#lineupFor(reference).resolve(reference);
  }

  /** As `resolve`, with the alias that leads there, and what else that leads to. */
  meant(reference?: string): Meant {
    return this.#lineupFor(reference).meant(reference);
  }

  #lineupFor(reference: string | undefined): Lineup {
    if (!this.#wanted) {
      const way = `load it with POST /v2/repository/models/${this.name}/load`;
      throw new ServiceError(503, `model '${this.name}' is unloaded; ${way}`, { retryAfterSeconds: 1 });
    }
    if (!this.#lineup) throw this.#refusal('served');
    const isDeclined = reference !== undefined && !this.#lineup.hasAlias(reference);
    return isDeclined && this.#declined?.hasAlias(reference) ? this.#declined : this.#lineup;
  }

  /** What each of its aliases means that is served. */
  aliases(): readonly Meant[] {
    const lineup = this.#wanted ? this.#lineup : undefined;
    const { aliases = {} } = lineup?.settings ?? {};
    return Object.keys(aliases).flatMap((alias) => {
      // One that names what is not there is told of as a problem.
      const isThere = lineup?.get(aliases[alias]?.version) !== undefined;
      return isThere ? lineup.meant(alias) : [];
    });
  }

  /** What keeps it from answering as its settings say; undefined where nothing does. */
  whyNotReady(): string | undefined {
    return this.#lineup ? this.#lineup.whyNotReady() : this.#refusal('served').message;
  }

  /** What is wrong with its settings and its place in the store; of its versions their own state tells. */
  problems(): readonly string[] {
    const { problem, misplaced } = this.#stored;
    const declined = this.#declined;
    const refused = problem ?? declined?.whyNotReady() ?? declined?.lostOf(this.#lineup)?.whyNotReady();
    const settings = refused === undefined ? this.#lineup?.problem() : refused;
    const kept = refused !== undefined && this.#lineup ? '; what served before goes on serving' : '';
    return [...(settings === undefined ? [] : [settings + kept]), ...(this.isDeclared ? misplaced : [])];
  }

  /** State and reason of each version, or of the model where it has none to serve. */
  index(): readonly IndexEntry[] {
    const { name } = this;
    const problems = this.problems();
    const declined = this.#declined?.versions.filter(({ version }) => !this.#lineup?.get(version)) ?? [];
    const versions = [...this.versions, ...declined].sort((a, b) => a.version - b.version);
    if (versions.length === 0) return [{ name, state: 'UNAVAILABLE', ready: false, reason: problems.join('; ') }];
    return versions.map((version) => {
      const lacking = version.ready ? version.parts?.whyNotReady() : undefined;
      const reasons = [version.reason, version.whyStalled(), lacking ?? '', ...problems];
      return {
        name,
        version: String(version.version),
        state: lacking === undefined ? version.state : 'UNAVAILABLE',
        ready: version.ready && lacking === undefined && !declined.includes(version),
        reason: reasons.filter((part) => part !== '').join('; '),
      };
    });
  }

  /** Models of this host that its steps name. */
  get partNames(): readonly string[] {
    return partNames(this.#stored.config.ensemble);
  }

  /** As the store had it last. */
  get stored(): StoredModel {
    return this.#stored;
  }

  /** Takes in what the store has now, loads what is new and ought to be loaded, then lets go of what went. */
  refresh(stored: StoredModel): Promise<void> {
    return this.#turns.take(async () => {
      this.#stored = stored;
      if (this.#wanted) await this.#take(stored);
    });
  }

  /** As `refresh`, with what the store had last: what it is made of has changed. */
  refreshAgain(): Promise<void> {
    return this.#turns.take(async () => {
      // What the turns before this one took in.
      if (this.#wanted) await this.#take(this.#stored);
    });
  }

  /** Loads it as the store has it now. Rejects with 503 and the reason where that is not served then. */
  load(stored: StoredModel): Promise<void> {
    return this.#turns.take(async () => {
      this.#stored = stored;
      if (stored.problem !== undefined) throw this.#refusal('loaded');
      this.#wanted = true;
      for (const version of this.#known()) {
        this.#sessions.forgetFailure(version);
        const isThere = stored.versions.includes(version.version);
        if (isThere && (await this.#sessions.hasChanged(version))) version.isOutdated = true;
      }
      await this.#take(stored);
      const lineup = this.#declined ?? this.#lineup;
      for (const version of lineup?.versions ?? []) await this.#sessions.load(version);
      const reason = lineup?.whyNotReady();
      if (reason !== undefined) throw new ServiceError(503, reason, { retryAfterSeconds: 60 });
    });
  }

  /**
   * Unloads all versions, until it is loaded again; requests under way are answered first. `isPart`: along with what is
   * made of it, which also brings it back.
   */
  unload(isPart: boolean): Promise<void> {
    return this.#turns.take(async () => {
      // One that was unloaded by its name stays so.
      this.#isHeldBack = this.isHeldBack || !isPart;
      this.#wanted = false;
      await this.#retire('unloaded');
    });
  }

  /** Lets go of a model that the store no longer has. */
  remove(): Promise<void> {
    return this.#turns.take(() => this.#retire('removed from the store'));
  }

  async #take(stored: StoredModel): Promise<void> {
    const before = this.#lineup;
    const known = this.#known();
    if (!this.isDeclared) return this.#settle(undefined, undefined, known);
    let next: Lineup | undefined;
    if (stored.problem === undefined) {
      next = new Lineup(stored, stored);
      // Also where an alias of it leads nowhere, or runs have stalled, there are callers whom it answers.
      const serves = before?.versions.some((version) => version.serves) === true;
      // Where nothing serves yet, callers may as well wait for what loads now.
      if (!serves) this.#lineup = next;
      await this.#fill(next, stored, known);
      if (!serves || isAsGood(next, before)) return this.#settle(next, undefined, known);
    }
    if (!before) return;
    const kept = new Lineup(stored, before.settings);
    await this.#fill(kept, stored, known, true);
    if (next && kept.whyNotReady() !== undefined && next.lostOf(kept) === undefined)
      await this.#settle(next, undefined, known);
    else await this.#settle(kept, next, known);
  }

  /**
   * Puts into `lineup` what its settings select of the versions in the store, loaded where need be; new ones join
   * `known`. `areKept`: those that serve stay, also one whose files have changed, or an ensemble's parts.
   */
  async #fill(lineup: Lineup, stored: StoredModel, known: Set<ModelVersion>, areKept = false): Promise<void> {
    const broken = new Set<number>();
    for (;;) {
      const selected = selectVersions({ ...stored, ...lineup.settings }, broken);
      const added = this.#declare(lineup, selected, known, areKept);
      if (added.length === 0) return;
      const waiting = added.filter((version) => !version.ready);
      // What an ensemble lacked may be there now, and to look again costs nothing.
      if (lineup.settings.config.ensemble) for (const version of waiting) this.#sessions.forgetFailure(version);
      // Why a load failed stays on record in the version's state.
      const letGo = this.#hold(known);
      await Promise.all(waiting.map((version) => this.#sessions.load(version).catch(() => undefined)));
      letGo();
      for (const version of added) if (!version.ready) broken.add(version.version);
    }
  }

  /**
   * Keeps sessions in memory whose files are there no longer, until what is to follow them has loaded: they could not be
   * opened again.
   */
  #hold(versions: Iterable<ModelVersion>): () => void {
    const held = [...versions].filter(({ isOutdated, session }) => isOutdated && session !== undefined);
    const letGo = held.map((version) => this.#sessions.hold(version));
    return () => {
      for (const end of letGo) end();
    };
  }

  #declare(
    lineup: Lineup,
    numbers: readonly number[],
    known: Set<ModelVersion>,
    areKept = false,
  ): readonly ModelVersion[] {
    const { config } = lineup.settings;
    // Callers of a model in memory shall not wait for its new version, though it loads on first use.
    const isWarm = [...known].some((version) => version.session !== undefined);
    return numbers
      .filter((number) => !lineup.get(number))
      .map((number) => {
        const same = [...known].find(
          (version) =>
            version.version === number &&
            isSame(version.config, config) &&
            (areKept || (!version.isOutdated && version.parts?.areSame() !== false)),
        );
        const version = same ?? new ModelVersion(this.name, number, config);
        if (!same && isWarm) version.ready = false;
        known.add(version);
        lineup.add(version);
        return version;
      });
  }

  async #settle(
    lineup: Lineup | undefined,
    declined: Lineup | undefined,
    known: ReadonlySet<ModelVersion>,
  ): Promise<void> {
    this.#lineup = lineup;
    this.#declined = declined;
    this.#hasServed ||= this.whyNotReady() === undefined;
    const used = this.#known();
    const replaced = [...known].filter((version) => !used.has(version));
    await Promise.all(replaced.map((version) => this.#sessions.replace(version)));
    this.#replaced = [...this.#replaced, ...replaced].filter(({ wholes }) => wholes > 0);
  }

  async #retire(reason: string): Promise<void> {
    const versions = [...this.#known(), ...this.#replaced];
    await Promise.all(versions.map((version) => this.#sessions.unload(version, reason)));
  }

  #known(): Set<ModelVersion> {
    return new Set([...this.versions, ...(this.#declined?.versions ?? [])]);
  }

  #refusal(done: 'served' | 'loaded'): ServiceError {
    return new ServiceError(503, `model '${this.name}' cannot be ${done}: ${this.#stored.problem}`, {
      retryAfterSeconds: 60,
    });
  }
}

/** Whether `next` answers, and loads whatever of it serves in `before`. */
function isAsGood(next: Lineup, before: Lineup): boolean {
  return next.whyNotReady() === undefined && next.lostOf(before) === undefined;
}

function isSame(a: LineupSettings['config'], b: LineupSettings['config']): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

import type { Clock } from '../ports/clock.ts';
import type { ModelFiles, ModelStore, PreparedFiles } from '../ports/model-store.ts';
import type { OpenSession, Session } from '../ports/session.ts';
import { batchingOf } from './batching/batching-of.ts';
import { checkAnswer } from './check-answer.ts';
import { cudaOptions } from './cuda-options.ts';
import { describeVersion } from './describe-version.ts';
import type { OpenedEnsemble } from './ensembles/open-ensemble.ts';
import { isIdle } from './is-idle.ts';
import { LoadFailures } from './load-failures.ts';
import type { LoadReport } from './load-report.ts';
import type { ModelVersion } from './model-version.ts';
import { RefusedFormError } from './refused-form-error.ts';
import { said } from './said.ts';
import type { SessionCacheOptions } from './session-cache-options.ts';
import { sessionOnTrial } from './session-on-trial.ts';
import { sessionOptions } from './session-options.ts';
import { sessionRefusingEmpty } from './session-refusing-empty.ts';
import { untilAborted } from './until-aborted.ts';
import { warmUp } from './warm-up.ts';

interface Opened {
  readonly session: Session;
  /** The check of a prepared form, where it goes on beside the first requests. */
  readonly trial?: Promise<unknown>;
}

// A run that reads as much as this takes longer than a hop to another thread: there is nothing for a warm-up to learn.
const largeBytes = 32 * 1024 * 1024;
const madeRoom = 'released to make room; loads again when asked for';

/**
 * Keeps model sessions loaded between requests.
 *
 * Requests that arrive while a model loads share that one load. When a model needs room, the idle session
 * used longest ago goes first; one that is pinned or in use never does, so the budget can be passed while
 * work runs. A load that failed is tried again after a pause that doubles, not on every request.
 */
export class SessionCache {
  // A Set keeps insertion order; re-inserting on use puts the oldest first.
  readonly #loaded = new Set<ModelVersion>();
  readonly #loading = new Map<ModelVersion, Promise<Session>>();
  readonly #failures: LoadFailures;
  // Why the prepared form of a version failed its check: it is not tried again.
  readonly #refusedForms = new WeakMap<ModelVersion, string>();
  readonly #store: ModelStore;
  readonly #open: OpenSession;
  readonly #clock: Clock;
  readonly #options: SessionCacheOptions;
  /** Opens a version that is made of others; set by what answers requests, of which each step makes one. */
  openEnsemble: ((version: ModelVersion) => Promise<OpenedEnsemble>) | undefined;

  constructor(store: ModelStore, open: OpenSession, clock: Clock, options: SessionCacheOptions) {
    this.#store = store;
    this.#open = open;
    this.#clock = clock;
    this.#failures = new LoadFailures(clock);
    this.#options = options;
  }

  /**
   * Runs `work` with the session of `version`: warm if loaded, cold if not. Rejects with 503 where it cannot be
   * loaded, with 504 where `signal` aborts while it loads; the load goes on.
   */
  async use<T>(version: ModelVersion, work: (session: Session) => Promise<T> | T, signal?: AbortSignal): Promise<T> {
    version.users += 1;
    try {
      return await this.#work(version, work, signal);
    } catch (error) {
      if (!(error instanceof RefusedFormError)) throw error;
      // The form that it ran on has been let go by now: it loads as it was stored.
      return await this.#work(version, work, signal);
    } finally {
      const closing = this.#leave(version);
      if (closing) await closing;
    }
  }

  /** Keeps the session of a loaded version, also through an unload, until the function that comes back is called. */
  hold(version: ModelVersion): () => void {
    version.users += 1;
    return () => void this.#leave(version);
  }

  /**
   * Keeps a version that an ensemble runs on, also where another takes its place, until the function that comes back is
   * called; it may be released to make room before that.
   */
  holdPart(version: ModelVersion): () => void {
    version.wholes += 1;
    return () => {
      version.wholes -= 1;
      if (version.isReplaced) void this.replace(version);
    };
  }

  /** Lets go of `version`, whose place another has taken, once no ensemble runs on it. */
  async replace(version: ModelVersion): Promise<void> {
    version.isReplaced = true;
    if (version.wholes === 0) await this.unload(version, 'replaced');
  }

  #leave(version: ModelVersion): Promise<void> | undefined {
    version.users -= 1;
    if (version.users === 0 && version.state === 'UNLOADING') return this.#close(version, version.reason);
  }

  #work<T>(
    version: ModelVersion,
    work: (session: Session) => Promise<T> | T,
    signal: AbortSignal | undefined,
  ): Promise<T> | T {
    const workOnIt = (session: Session) => {
      this.#loaded.delete(version);
      this.#loaded.add(version);
      return work(session);
    };
    if (version.session) return workOnIt(version.session);
    return untilAborted(this.load(version, true), signal, `${version.label} is still loading`).then(workOnIt);
  }

  /**
   * Loads `version`, if it is not loaded already, and warms it up. One that is being unloaded stays.
   *
   * @param isAwaited a request waits for it: its own run warms a large model up, or goes on beside the check of its
   * prepared form, which it would have to wait for first else
   */
  load(version: ModelVersion, isAwaited = false): Promise<Session> {
    if (version.session) {
      if (version.state === 'UNLOADING') this.#keep(version);
      return Promise.resolve(version.session);
    }
    const underWay = this.#loading.get(version);
    if (underWay) return underWay;
    const refusal = this.#failures.refusal(version);
    if (refusal) return Promise.reject(refusal);
    const loading = this.#load(version, isAwaited).finally(() => this.#loading.delete(version));
    this.#loading.set(version, loading);
    return loading;
  }

  /** Whether the store has other files of a version than those that it was loaded from. Rejects as the store. */
  async hasChanged(version: ModelVersion): Promise<boolean> {
    const { name, digest } = version;
    const isIn = version.session !== undefined || this.#loading.has(version);
    return isIn && digest !== '' && (await this.#store.digest(name, version.version)) !== digest;
  }

  /** Lets go of `version`, once the requests that use it are answered. */
  async unload(version: ModelVersion, reason: string): Promise<void> {
    await this.#loading.get(version)?.catch(() => undefined);
    this.#failures.forget(version);
    version.ready = false;
    if (!version.session || version.users > 0) {
      version.state = version.session ? 'UNLOADING' : 'UNAVAILABLE';
      version.reason = reason;
      return;
    }
    await this.#close(version, reason);
  }

  /**
   * Lets go of idle sessions, the one used longest ago first, until `isEnough`; that used last, the likeliest to be
   * used again, stays.
   */
  async releaseIdle(isEnough: () => boolean): Promise<void> {
    for (const idle of [...this.#loaded].slice(0, -1)) {
      if (isEnough()) return;
      if (isIdle(idle)) await this.#close(idle, madeRoom);
    }
  }

  /** Forgets that a load failed, so that the next one is tried at once. */
  forgetFailure(version: ModelVersion): void {
    this.#failures.forget(version);
  }

  /**
   * Takes back an unload that waits for requests: they use the session, and a second one would take its place
   * unreleased.
   */
  #keep(version: ModelVersion): void {
    version.state = 'READY';
    version.reason = '';
    version.ready = true;
  }

  async #load(version: ModelVersion, isAwaited: boolean): Promise<Session> {
    version.state = 'LOADING';
    version.reason = '';
    try {
      const isEnsemble = version.config.ensemble !== undefined;
      const { session, trial, report } = await (isEnsemble
        ? this.#openParts(version)
        : this.#openSession(version, isAwaited));
      version.session = session;
      version.device = session.device;
      version.loads += 1;
      version.state = 'READY';
      version.ready = true;
      this.#failures.forget(version);
      this.#loaded.add(version);
      trial?.catch((error) => this.#refuseForm(version, session, error));
      this.#options.onLoaded?.(version, report);
      return session;
    } catch (error) {
      version.state = 'UNAVAILABLE';
      version.ready = false;
      version.reason = said(error, version);
      this.#options.onLoadFailed?.(version, error);
      throw this.#failures.add(version, error);
    }
  }

  async #openParts(version: ModelVersion): Promise<Opened & { report: LoadReport }> {
    if (!this.openEnsemble) throw new Error('nothing here runs ensembles');
    const { session, signature, parts } = await this.openEnsemble(version);
    version.signature = signature;
    version.parts = parts;
    version.batching = { isOn: false, whyNot: "it is an ensemble, whose steps' models share runs each" };
    return { session, report: { form: 'ensemble', whyPlain: '', bytes: 0 } };
  }

  /**
   * Opens the prepared form where there is one that answers as the model does, else the model as it was stored: nothing
   * depends on the former.
   */
  async #openSession(version: ModelVersion, isAwaited: boolean): Promise<Opened & { report: LoadReport }> {
    const { name, version: number } = version;
    // Before the files are opened: of what changes from here on, the next load asks.
    version.digest = await this.#store.digest(name, number);
    version.isOutdated = false;
    let form: LoadReport['form'] = 'refused';
    let whyPlain = this.#refusedForms.get(version) ?? '';
    const cuda = cudaOptions(version.config, this.#options.execution);
    if (cuda) {
      form = 'unfit';
      whyPlain = 'prepared forms are for processors, and this model is to run on a GPU';
    }
    try {
      if (whyPlain === '') {
        const prepared = await this.#store.fetchPrepared(name, number);
        if (!('whyNot' in prepared)) {
          const opened = await this.#openFiles(version, prepared, isAwaited);
          return { ...opened, report: { form: 'prepared', whyPlain, bytes: version.bytes } };
        }
        form = prepared.wasTried ? 'unfit' : 'stored';
        whyPlain = prepared.whyNot;
      }
    } catch (error) {
      whyPlain = said(error, version);
    }
    const opened = await this.#openFiles(version, await this.#store.fetch(name, number), isAwaited);
    const { whyNotCuda } = opened.session;
    return { ...opened, report: { form, whyPlain, bytes: version.bytes, ...(whyNotCuda && { whyNotCuda }) } };
  }

  /**
   * Lets go of a form that failed its check beside the first requests: those run again on the model as it was stored.
   */
  async #refuseForm(version: ModelVersion, session: Session, error: unknown): Promise<void> {
    this.#refusedForms.set(version, said(error, version));
    if (version.session === session) await this.#close(version, 'its prepared form failed its check');
  }

  async #openFiles(version: ModelVersion, files: ModelFiles | PreparedFiles, isAwaited: boolean): Promise<Opened> {
    try {
      version.bytes = files.bytes;
      version.operators = files.operators;
      version.mixesRows = files.mixesRows;
      version.classes = files.classes ?? {};
      await this.#makeRoom(version);
      const opened = await this.#open(files.path, sessionOptions(version.config, files, this.#options));
      const session = sessionRefusingEmpty(opened, files.operators, version.config);
      return await this.#warmUp(version, session, files, isAwaited);
    } finally {
      files.release?.();
    }
  }

  async #warmUp(
    version: ModelVersion,
    session: Session,
    files: ModelFiles | PreparedFiles,
    isAwaited: boolean,
  ): Promise<Opened> {
    try {
      await describeVersion(version, session, this.#store, this.#options);
      if (version.languageModel) {
        // It ran on a token of its own: zeros in place of caches say nothing of it. Of a prepared form, the stored
        // answer does.
        if ('answer' in files) await checkAnswer(session, files.answer);
        version.reason = '';
        return { session };
      }
      const { sequence, batching } = version.config;
      version.batching = sequence
        ? { isOn: false, whyNot: 'each request goes on with the state of its sequence (sequence in model.json)' }
        : batchingOf(batching, { ...files, inputs: session.inputs, outputs: session.outputs });
      const isForRequest =
        isAwaited && files.bytes >= largeBytes && Object.keys(version.config.warmupShapes).length === 0;
      version.reason = isForRequest ? '' : await warmUp(version, session, files, this.#clock);
      if (!isForRequest || !('answer' in files)) return { session };
      const trial = checkAnswer(session, files.answer);
      return { session: sessionOnTrial(session, trial), trial };
    } catch (error) {
      this.#closeGenerator(version);
      await session.release();
      throw error;
    }
  }

  #closeGenerator(version: ModelVersion): void {
    version.languageModel?.close();
    version.languageModel = undefined;
  }

  async #makeRoom(version: ModelVersion): Promise<void> {
    const { maxBytes } = this.#options;
    if (version.bytes > maxBytes) {
      throw new Error(`its files are ${version.bytes} bytes, more than the memory budget of ${maxBytes} bytes`);
    }
    let free = maxBytes - version.bytes;
    for (const other of [...this.#loaded, ...this.#loading.keys()]) if (other !== version) free -= other.bytes;
    for (const idle of this.#loaded) {
      if (free >= 0) return;
      if (!isIdle(idle)) continue;
      free += idle.bytes;
      await this.#close(idle, madeRoom);
    }
  }

  async #close(version: ModelVersion, reason: string): Promise<void> {
    const session = version.session;
    version.session = undefined;
    version.state = 'UNAVAILABLE';
    version.reason = reason;
    this.#loaded.delete(version);
    this.#closeGenerator(version);
    if (!session) return;
    this.#options.onReleased?.(version, reason);
    await session.release();
  }
}

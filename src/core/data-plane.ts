import type { Clock } from '../ports/clock.ts';
import type { OpenRemoteModel } from '../ports/open-remote-model.ts';
import type { Run, Session } from '../ports/session.ts';
import type { Timers } from '../ports/timers.ts';
import type { InferenceRequest, InferenceResponse, Parameters } from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { answerRequest } from './answer-request.ts';
import { Batcher } from './batching/batcher.ts';
import { priorityOf } from './batching/priority-of.ts';
import type { Watchdog } from './batching/watchdog.ts';
import { Releases, type ReleasesOptions } from './canary/releases.ts';
import { checkInputs } from './check-inputs.ts';
import { checkOutput } from './check-output.ts';
import { countRows } from './count-rows.ts';
import type { ObservedRun } from './drift/observed-run.ts';
import { endedBy } from './ended-by.ts';
import { openEnsemble } from './ensembles/open-ensemble.ts';
import { checkGeneratesText } from './generation/check-generates-text.ts';
import type { Generate } from './generation/generation.ts';
import { HeldGeneration } from './generation/held-generation.ts';
import { hasTexts, inferTexts } from './generation/infer-texts.ts';
import type { LanguageModel } from './generation/language-model.ts';
import type { OpenedLanguageModel } from './generation/open-language-model.ts';
import type { InferenceContext } from './inference-context.ts';
import type { ModelRepository } from './model-repository.ts';
import type { ModelSignature, ModelVersion } from './model-version.ts';
import type { RunQueue } from './run-queue.ts';
import { refuseState } from './sequences/refuse-state.ts';
import { Sequences } from './sequences/sequences.ts';
import type { SessionCache } from './session-cache.ts';
import { systemTimers } from './system-timers.ts';
import { hasItems, inferItems } from './tasks/infer-items.ts';

export interface DataPlaneOptions {
  /** @default the event loop's own */
  readonly timers?: Timers;
  /** @default runs go on until they end */
  readonly watchdog?: Watchdog;
  /**
   * Hears of each run that was answered: of the tensors that a caller or a task sent, and what came of them. @default
   * nobody does
   */
  readonly onRun?: RunObserver | undefined;
  /** Writes down that a canary has no more calls. @default it has none on this host, for as long as that runs */
  readonly takeBack?: ReleasesOptions['takeBack'] | undefined;
  /** Opens models of other servers, for steps of ensembles. @default there are no other servers */
  readonly openRemoteModel?: OpenRemoteModel | undefined;
  /** Runs beside calls wait until the host says that it has time. @default false */
  readonly holdsBackground?: boolean | undefined;
}

/** Looks at a run. It must not throw, nor keep or change the tensors. */
export type RunObserver = (version: ModelVersion, run: ObservedRun) => void;

/** Answers what every transport asks of models: one place for versions, checks, runs and their record. */
export class DataPlane {
  readonly repository: ModelRepository;
  readonly releases: Releases;
  readonly #sessions: SessionCache;
  readonly #queue: RunQueue;
  readonly #clock: Clock;
  readonly #options: DataPlaneOptions;
  readonly #batchers = new WeakMap<ModelVersion, Batcher>();
  /** By model. */
  readonly #sequences = new Map<string, Sequences>();

  constructor(
    repository: ModelRepository,
    sessions: SessionCache,
    queue: RunQueue,
    clock: Clock,
    options: DataPlaneOptions = {},
  ) {
    this.repository = repository;
    this.#sessions = sessions;
    this.#queue = queue;
    this.#clock = clock;
    this.#options = options;
    this.releases = new Releases(repository, {
      timers: options.timers ?? systemTimers,
      clock,
      isHeld: options.holdsBackground ?? false,
      isQuiet: () => queue.isFree,
      // Why it does not load stays on record in the version's state.
      load: (version) => void sessions.load(version).catch(() => undefined),
      takeBack: options.takeBack,
    });
    queue.onWaiting = () => this.releases.background.giveWay();
    sessions.openEnsemble = (version) => openEnsemble(version, { dataPlane: this, sessions, clock });
  }

  /** Opens a model of another server, as its port says. */
  openRemoteModel: OpenRemoteModel = (server, ...model) => {
    const { openRemoteModel } = this.#options;
    if (openRemoteModel) return openRemoteModel(server, ...model);
    throw new Error(
      `there is no server '${server}': this host knows of none but itself; serve --step-servers names them`,
    );
  };

  /**
   * What a version takes and gives; loads it where it was never loaded, until the context's signal aborts. Rejects with
   * 404, 503 or 504.
   */
  async signature(version: ModelVersion, context?: InferenceContext): Promise<ModelSignature> {
    if (!version.signature) {
      const started = this.#clock.now();
      await this.#use(version, () => undefined, context);
      if (context) context.times.loadMs += this.#clock.now() - started;
    }
    if (version.signature) return version.signature;
    throw new ServiceError(503, `${version.label} is ${version.state}`, { retryAfterSeconds: 1 });
  }

  /**
   * The version that answers a request which `reference` was resolved for: the one that began its sequence, where it
   * goes on with one of its caller. Throws 400 where that is another than `reference` asks for.
   */
  versionFor(
    version: ModelVersion,
    reference: string | undefined,
    parameters: Parameters,
    { caller }: Pick<InferenceContext, 'caller'>,
  ): ModelVersion {
    const owner = version.config.sequence && this.#sequences.get(version.name)?.versionOf(parameters, caller);
    if (!owner) return version;
    // What an alias names may change meanwhile.
    const isNumber = reference !== undefined && !Number.isNaN(Number(reference));
    if (!isNumber || owner.version === version.version) return owner;
    throw new ServiceError(
      400,
      `the sequence was begun by version ${owner.version} of model '${version.name}', and stays with it; got version ${reference}`,
    );
  }

  /**
   * Runs `request` on `version`; one that has items for the version's task is answered with predictions. Rejects with
   * 400, 503 or 504, with a message for the caller, or 500.
   */
  infer(version: ModelVersion, request: InferenceRequest, context: InferenceContext): Promise<InferenceResponse> {
    const started = this.#clock.now() - context.times.loadMs;
    return this.#use(
      version,
      (session) => {
        context.times.loadMs = this.#clock.now() - started;
        if (hasTexts(version, request.inputs)) return this.#inferTexts(version, request, context);
        return hasItems(version, request.inputs)
          ? inferItems(this, version, request, this.#queue.maxWaiting, context)
          : this.#run(version, session, request, context);
      },
      context,
    );
  }

  async #inferTexts(version: ModelVersion, request: InferenceRequest, context: InferenceContext) {
    const started = this.#clock.now();
    // It stays loaded until the request is answered, which is what counts in its statistics.
    const response = await inferTexts(generatorOf(version), version, request, context);
    context.times.inferMs = this.#clock.now() - started;
    return response;
  }

  /**
   * A version that goes on with text, loaded if need be. It stays loaded, or is loaded again, while it does; each
   * generation counts in its statistics. Rejects with 400 where that is not its task, 503 or 504 as `infer`.
   */
  async languageModel(version: ModelVersion, context: InferenceContext): Promise<LanguageModel> {
    // What the files beside it are for is known once it is loaded.
    if (!version.config.task) await this.signature(version, context);
    checkGeneratesText(version);
    const started = this.#clock.now();
    const { tokenizer, maxPositions, endTokens, tokenizerConfig } = await this.#use(
      version,
      () => generatorOf(version),
      context,
    );
    context.times.loadMs += this.#clock.now() - started;
    const generate: Generate = (prompt, settings, signal) => {
      const begin = () => ({
        stream: generatorOf(version).generate(prompt, settings, signal),
        release: this.#sessions.hold(version),
      });
      const open = () => this.#sessions.use(version, begin, signal);
      return new HeldGeneration(open, () => settings.constraint?.release(), version.statistics, this.#clock);
    };
    return { tokenizer, maxPositions, endTokens, tokenizerConfig, generate };
  }

  /** Works with the session; a signal is set up only where a load must be waited for. */
  #use<T>(
    version: ModelVersion,
    work: (session: Session) => Promise<T> | T,
    context: InferenceContext | undefined,
  ): Promise<T> {
    return version.session || !context
      ? this.#sessions.use(version, work)
      : this.#useOnceLoaded(version, work, context);
  }

  async #useOnceLoaded<T>(
    version: ModelVersion,
    work: (session: Session) => Promise<T> | T,
    context: InferenceContext,
  ): Promise<T> {
    context.checkDeadline();
    const signal = context.signal();
    try {
      return await this.#sessions.use(version, work, signal);
    } catch (error) {
      throw endedBy(signal, error);
    }
  }

  #run(
    version: ModelVersion,
    session: Session,
    request: InferenceRequest,
    context: InferenceContext,
  ): Promise<InferenceResponse> {
    const { sequence, ensemble, queue } = version.config;
    const signature = version.signature ?? session;
    if (sequence) refuseState(sequence, request);
    checkInputs(signature.inputs, request.inputs);
    const requested = request.outputs ?? signature.outputs.map(({ name }) => ({ name, parameters: none }));
    for (const output of requested) checkOutput(signature, output, context);
    const { inputs, parameters } = request;
    const run = {
      inputNames: inputs.map((input) => input.name),
      inputs,
      outputNames: requested.map((output) => output.name),
      // Each model of the steps has levels of its own.
      ...(ensemble && typeof parameters.priority === 'number' && { priority: parameters.priority }),
      ...(context.staying && { stays: requested.map(({ name }) => context.staying?.has(name) ?? false) }),
    };
    const priority = priorityOf(parameters, queue);
    const work = (whole: Run) =>
      ensemble
        ? this.#runSteps(version, session, whole, context)
        : this.#batcher(version).run(session, whole, priority, context);
    const outputs = sequence
      ? this.#sequencesOf(version).run({ version, config: sequence, session, run, parameters, context, work })
      : work(run);
    const onRun = context.isMadeUp ? undefined : this.#options.onRun;
    return outputs.then((tensors) => {
      onRun?.(version, { ...run, outputs: tensors });
      return answerRequest(version, request, requested, tensors);
    });
  }

  /**
   * Each step has its turn in the queue of its own model: the whole has none, for which the steps could wait for ever.
   */
  async #runSteps(version: ModelVersion, session: Session, run: Run, context: InferenceContext) {
    const signal = context.signal();
    const started = this.#clock.now();
    try {
      const outputs = await session.run(run, signal);
      context.times.inferMs = this.#clock.now() - started;
      const rows = countRows(version.signature as ModelSignature, run);
      version.statistics.executed(rows, { inputMs: 0, inferMs: context.times.inferMs, outputMs: 0 });
      return outputs;
    } catch (error) {
      throw endedBy(signal, error);
    }
  }

  #sequencesOf({ name }: ModelVersion): Sequences {
    const known = this.#sequences.get(name);
    if (known) return known;
    const { timers = systemTimers } = this.#options;
    const sequences = new Sequences(timers, (version) => this.#sessions.hold(version));
    this.#sequences.set(name, sequences);
    return sequences;
  }

  #batcher(version: ModelVersion): Batcher {
    const known = this.#batchers.get(version);
    if (known) return known;
    const { timers = systemTimers, watchdog = { runTimeoutMs: 0 } } = this.#options;
    const batcher = new Batcher(version, this.#queue, this.#clock, timers, watchdog);
    this.#batchers.set(version, batcher);
    return batcher;
  }
}

const none: Parameters = {};

function generatorOf({ languageModel, label, state }: ModelVersion): OpenedLanguageModel {
  if (languageModel) return languageModel;
  throw new ServiceError(503, `${label} is ${state}`, { retryAfterSeconds: 1 });
}

import type { Clock } from '../ports/clock.ts';
import type { Session, SessionOutput } from '../ports/session.ts';
import type { Timers } from '../ports/timers.ts';
import type {
  InferenceRequest,
  InferenceResponse,
  OutputTensor,
  Parameters,
  RequestedOutput,
} from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { Batcher } from './batching/batcher.ts';
import { priorityOf } from './batching/priority-of.ts';
import type { Watchdog } from './batching/watchdog.ts';
import { checkClassification } from './check-classification.ts';
import { checkInputs } from './check-inputs.ts';
import { classify } from './classify.ts';
import { endedBy } from './ended-by.ts';
import type { InferenceContext } from './inference-context.ts';
import type { ModelRepository } from './model-repository.ts';
import type { ModelSignature, ModelVersion } from './model-version.ts';
import type { RunQueue } from './run-queue.ts';
import type { SessionCache } from './session-cache.ts';
import { systemTimers } from './system-timers.ts';

export interface DataPlaneOptions {
  /** @default the event loop's own */
  readonly timers?: Timers;
  /** @default runs go on until they end */
  readonly watchdog?: Watchdog;
}

/** Answers what every transport asks of models: one place for versions, checks, runs and their record. */
export class DataPlane {
  readonly repository: ModelRepository;
  readonly #sessions: SessionCache;
  readonly #queue: RunQueue;
  readonly #clock: Clock;
  readonly #options: DataPlaneOptions;
  readonly #batchers = new WeakMap<ModelVersion, Batcher>();

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
  }

  /** What a version takes and gives; loads it where it was never loaded, until the context's signal aborts. Rejects with 404, 503 or 504. */
  async signature(version: ModelVersion, context?: InferenceContext): Promise<ModelSignature> {
    if (!version.signature) {
      const started = this.#clock.now();
      await this.#use(version, () => undefined, context);
      if (context) context.times.loadMs += this.#clock.now() - started;
    }
    if (version.signature) return version.signature;
    throw new ServiceError(503, `${version.label} is ${version.state}`, { retryAfterSeconds: 1 });
  }

  /** Runs `request` on `version`. Rejects with 400, 503 or 504, with a message for the caller, or 500. */
  infer(version: ModelVersion, request: InferenceRequest, context: InferenceContext): Promise<InferenceResponse> {
    const started = this.#clock.now() - context.times.loadMs;
    return this.#use(
      version,
      (session) => {
        context.times.loadMs = this.#clock.now() - started;
        return this.#run(version, session, request, context);
      },
      context,
    );
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
    checkInputs(session.inputs, request.inputs);
    const requested = request.outputs ?? session.outputs.map(({ name }) => ({ name, parameters: none }));
    for (const output of requested) checkOutput(session, output, context);
    const { inputs } = request;
    const run = {
      inputNames: inputs.map((input) => input.name),
      inputs,
      outputNames: requested.map((output) => output.name),
    };
    const priority = priorityOf(request.parameters, version.config.queue);
    return this.#batcher(version)
      .run(session, run, priority, context)
      .then((outputs) => answer(version, request, requested, outputs));
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

/** Throws 400 for an output that the model cannot give, or not in the form that is asked for. */
function checkOutput(session: Session, { name, parameters }: RequestedOutput, context: InferenceContext): void {
  const spec = session.outputs.find((output) => output.name === name);
  if (spec) {
    if (!checkClassification(spec, parameters)) context.checkOutput(spec);
    return;
  }
  const known = session.outputs.map((output) => `'${output.name}'`).join(', ') || 'none';
  const unservable = session.unservable.find((output) => output.name === name);
  if (!unservable) throw new ServiceError(400, `the model has no output '${name}'; its outputs are ${known}`);
  throw new ServiceError(
    400,
    `output '${name}' cannot be answered: ${unservable.reason}; ask for the others only: ${known}`,
  );
}

function answer(
  version: ModelVersion,
  { id }: InferenceRequest,
  requested: readonly RequestedOutput[],
  outputs: readonly SessionOutput[],
): InferenceResponse {
  const tensors = outputs.map((output, index) => answerOutput(version, output, requested[index] as RequestedOutput));
  const response = { modelName: version.name, modelVersion: String(version.version), outputs: tensors };
  return id === undefined ? response : { ...response, id };
}

function answerOutput(version: ModelVersion, output: SessionOutput, { name, parameters }: RequestedOutput) {
  const { datatype, shape, data, keys } = output;
  const { classification } = parameters;
  if (typeof classification === 'number' && classification > 0) {
    const labels = version.signature?.labels.get(name) ?? keys;
    return { ...classify(name, output, classification, labels), name };
  }
  if (!keys) return { name, datatype, shape, data } as OutputTensor;
  return { name, datatype, shape, data, parameters: { keys: JSON.stringify(keys) } } as OutputTensor;
}

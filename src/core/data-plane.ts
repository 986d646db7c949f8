import type { Clock } from '../ports/clock.ts';
import type { Run, Session, SessionOutput } from '../ports/session.ts';
import type {
  InferenceRequest,
  InferenceResponse,
  OutputTensor,
  Parameters,
  RequestedOutput,
} from '../protocol/inference.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { tensorBytes } from '../protocol/tensor-bytes.ts';
import { checkInputs } from './check-inputs.ts';
import { classify } from './classify.ts';
import type { ModelRepository } from './model-repository.ts';
import type { StageTimes } from './model-statistics.ts';
import type { ModelSignature, ModelVersion } from './model-version.ts';
import type { RunQueue } from './run-queue.ts';
import type { SessionCache } from './session-cache.ts';

/** What the transport knows of a request beside its body. */
export interface InferenceContext {
  /** Aborts when the caller left or the deadline passed. Asked for only where a run leaves the calling thread. */
  signal(): AbortSignal;
  /** Filled in as the stages pass. */
  readonly times: StageTimes;
}

/** Answers what every transport asks of models: one place for versions, checks, runs and their record. */
export class DataPlane {
  readonly repository: ModelRepository;
  readonly #sessions: SessionCache;
  readonly #queue: RunQueue;
  readonly #clock: Clock;

  constructor(repository: ModelRepository, sessions: SessionCache, queue: RunQueue, clock: Clock) {
    this.repository = repository;
    this.#sessions = sessions;
    this.#queue = queue;
    this.#clock = clock;
  }

  /** What a version takes and gives; loads it where it was never loaded. Rejects with 404 or 503. */
  async signature(version: ModelVersion): Promise<ModelSignature> {
    if (!version.signature) await this.#sessions.use(version, () => undefined);
    if (version.signature) return version.signature;
    throw new ServiceError(503, `${version.label} is ${version.state}`, { retryAfterSeconds: 1 });
  }

  /** Runs `request` on `version`. Rejects with 400, 503 or 504, with a message for the caller, or 500. */
  async infer(version: ModelVersion, request: InferenceRequest, context: InferenceContext): Promise<InferenceResponse> {
    const started = this.#clock.now();
    try {
      return await this.#sessions.use(version, (session) => {
        context.times.loadMs = this.#clock.now() - started;
        return this.#run(version, session, request, context);
      });
    } catch (error) {
      version.statistics.failed(this.#clock.now() - started);
      throw error;
    }
  }

  async #run(
    version: ModelVersion,
    session: Session,
    request: InferenceRequest,
    context: InferenceContext,
  ): Promise<InferenceResponse> {
    checkInputs(session.inputs, request.inputs);
    const requested = request.outputs ?? session.outputs.map(({ name }) => ({ name, parameters: none }));
    checkOutputs(session, requested);
    const run = {
      inputNames: request.inputs.map((input) => input.name),
      inputs: request.inputs,
      outputNames: requested.map((output) => output.name),
    };
    const outputs = await this.#execute(version, session, run, context);
    return {
      modelName: version.name,
      modelVersion: String(version.version),
      ...(request.id === undefined ? {} : { id: request.id }),
      outputs: outputs.map((output, index) => answer(version, output, requested[index] as RequestedOutput)),
    };
  }

  async #execute(
    version: ModelVersion,
    session: Session,
    run: Run,
    context: InferenceContext,
  ): Promise<readonly SessionOutput[]> {
    const queued = this.#clock.now();
    const bytes = run.inputs.reduce((sum, input) => sum + tensorBytes(input), 0);
    if (session.runSync && version.cost.isShort(bytes)) {
      const outputs = session.runSync(run);
      context.times.inferMs = this.#clock.now() - queued;
      version.cost.observe(bytes, context.times.inferMs);
      return outputs;
    }
    const signal = context.signal();
    return this.#queue.run(async () => {
      const started = this.#clock.now();
      context.times.queueMs = started - queued;
      const outputs = await session.run(run, signal);
      context.times.inferMs = this.#clock.now() - started;
      return outputs;
    }, signal);
  }
}

const none: Parameters = {};

function checkOutputs(session: Session, requested: readonly RequestedOutput[]): void {
  for (const { name } of requested) {
    if (session.outputs.some((output) => output.name === name)) continue;
    const known = session.outputs.map((output) => `'${output.name}'`).join(', ') || 'none';
    const unservable = session.unservable.find((output) => output.name === name);
    if (unservable) {
      throw new ServiceError(
        400,
        `output '${name}' cannot be answered: ${unservable.reason}; ask for the others only: ${known}`,
      );
    }
    throw new ServiceError(400, `the model has no output '${name}'; its outputs are ${known}`);
  }
}

function answer(version: ModelVersion, output: SessionOutput, { name, parameters }: RequestedOutput): OutputTensor {
  const { keys, ...tensor } = output;
  const { classification } = parameters;
  if (classification === undefined || classification === 0) {
    return keys ? { ...tensor, name, parameters: { keys: JSON.stringify(keys) } } : { ...tensor, name };
  }
  if (typeof classification !== 'number' || !Number.isInteger(classification) || classification < 0) {
    throw new ServiceError(
      400,
      `output '${name}', parameter 'classification': expected a number of classes, got ${JSON.stringify(classification)}`,
    );
  }
  return { ...classify(name, tensor, classification, version.signature?.labels.get(name) ?? keys), name };
}

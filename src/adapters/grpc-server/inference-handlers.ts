import type {
  ServerDuplexStream,
  ServerUnaryCall,
  ServiceDefinition,
  sendUnaryData,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { Metadata, status } from '@grpc/grpc-js';
import type { GrpcService } from '../../grpc/grpc-service.ts';
import type { GrpcRequest } from '../../grpc/methods.ts';
import { type GrpcStatus, statusOf } from '../../grpc/status-of.ts';
import type { OnCall } from '../../ports/answered-call.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { RequestsInHand } from '../requests-in-hand.ts';
import type { TraceGrpc } from '../tracing/trace-grpc.ts';
import type { UnansweredCalls } from '../unanswered-calls.ts';
import { answerStream } from './answer-stream.ts';
import { answeredGrpc } from './answered-grpc.ts';
import { MessageCall } from './message-call.ts';
import type { ReceivedMessage } from './received-message.ts';

export interface HandlerOptions {
  readonly inHand: RequestsInHand;
  /** Aborts when the server is to end. */
  readonly closing: AbortSignal;
  /** Aborts what is not answered just before that is cut. @default callers are told nothing */
  readonly unanswered?: UnansweredCalls | undefined;
  /** Begins the trace of a request. @default none is traced */
  readonly trace?: TraceGrpc | undefined;
  /** Hears of each request as it is answered: its status, what it failed on, and what a log is to have of it. */
  readonly onAnswer: (code: number, error: unknown, fields: () => object) => void;
  /** Hears of each request once it is answered, for audit and usage. @default nobody */
  readonly onCall?: OnCall | undefined;
}

type Answer = (message: Uint8Array, call: MessageCall) => Promise<Uint8Array>;

/** What became of a message. */
interface Outcome {
  readonly bytes?: Uint8Array;
  readonly error?: unknown;
  readonly status: GrpcStatus;
  readonly traceparent?: string | undefined;
}

// What says that the server is there must not wait for others, nor be refused for them.
const health = ['ServerLive', 'ServerReady'];
/** Of a request that is no inference: what it holds are names. */
const mostMessageBytes = 1024 ** 2;
const ok: GrpcStatus = { code: status.OK, details: '' };
const cancelled: GrpcStatus = { code: status.CANCELLED, details: 'its caller cancelled the call' };

/**
 * The methods of inference.GRPCInferenceService for grpc-js: limits, cancelled calls, statuses, and the record of each.
 */
export class InferenceHandlers {
  readonly #service: GrpcService;
  readonly #options: HandlerOptions;

  constructor(service: GrpcService, options: HandlerOptions) {
    this.#service = service;
    this.#options = options;
  }

  /** Messages come and go encoded; `definition` has how those are decoded that are no inferences. */
  implementation(definition: ServiceDefinition): UntypedServiceImplementation {
    const { closing, unanswered } = this.#options;
    const methods = this.#service.methodNames.map((name) => {
      const codec = definition[name] as ServiceDefinition[string];
      return [name, this.#unary(name, (message, call) => this.#answerDecoded(name, codec, message, call))] as const;
    });
    return {
      ...Object.fromEntries(methods),
      ModelInfer: this.#unary('ModelInfer', (message, call) => this.#service.infer(message, call)),
      ModelStreamInfer: (stream: ServerDuplexStream<ReceivedMessage, Uint8Array>) =>
        answerStream(stream, (message, call) => this.#inStream(message, call), closing, unanswered),
    };
  }

  #unary(method: string, answer: Answer) {
    return async (call: ServerUnaryCall<ReceivedMessage, Uint8Array>, callback: sendUnaryData<Uint8Array>) => {
      const message = new MessageCall(call, this.#options.unanswered);
      const outcome = await this.#attempt(method, call.request, message, answer);
      if (outcome.bytes) callback(null, outcome.bytes, trailersOf(outcome, message));
      else callback(outcome.status, null, trailersOf(outcome, message));
    };
  }

  async #inStream(message: ReceivedMessage, call: MessageCall): Promise<Uint8Array> {
    const answer: Answer = (bytes) => this.#service.inferInStream(bytes, call);
    const { bytes, status } = await this.#attempt('ModelStreamInfer', message, call, answer);
    return bytes ?? this.#service.failureInStream(message.bytes, status.details);
  }

  async #attempt(method: string, message: ReceivedMessage, call: MessageCall, answer: Answer): Promise<Outcome> {
    const { inHand, trace, onAnswer, onCall } = this.#options;
    const started = performance.now();
    const traced = trace?.(method, call.headers(), call.requestId, started);
    const traceparent = traced?.traceparent;
    let outcome: Outcome;
    try {
      if (!health.includes(method)) inHand.check();
      inHand.enter();
      try {
        outcome = { bytes: await answer(message.bytes, call), status: ok, traceparent };
      } finally {
        inHand.leave();
      }
    } catch (error) {
      outcome = { error, status: failureOf(error, call), traceparent };
    }
    message.release();
    call.end();
    const { status, error, bytes: sent } = outcome;
    traced?.end(status.code, call.served, error);
    onAnswer(status.code, error, () => {
      const { requestId, caller } = call;
      return { method, requestId, ...(caller && { key: caller.name }), ...traced?.ids };
    });
    const ms = performance.now() - started;
    onCall?.(answeredGrpc(method, call, { code: status.code, ms, bytes: message.bytes, answer: sent, error }));
    return outcome;
  }

  async #answerDecoded(
    name: string,
    codec: ServiceDefinition[string],
    message: Uint8Array,
    call: MessageCall,
  ): Promise<Uint8Array> {
    if (message.length > mostMessageBytes)
      throw new ServiceError(413, `the message is larger than ${mostMessageBytes} bytes, which only inferences may be`);
    return codec.responseSerialize(await this.#service.answer(name, decode(codec, message), call));
  }
}

/** Whoever cancelled a call hears nothing; it is told from one whose time was up in metrics, logs and traces. */
function failureOf(error: unknown, { isCancelled, requestId }: MessageCall): GrpcStatus {
  const isEnded = error instanceof ServiceError && error.status === 504;
  return isEnded && isCancelled ? cancelled : statusOf(error, requestId);
}

function decode(codec: ServiceDefinition[string], message: Uint8Array): GrpcRequest {
  try {
    return codec.requestDeserialize(message as Buffer) as GrpcRequest;
  } catch (cause) {
    throw new ServiceError(400, 'the message is not what the method takes, or damaged', { cause });
  }
}

/**
 * What goes behind an answer: which version gave it, or failed to, and the alias that led there, and whether it is
 * deprecated; of one that failed, which request it was, and when to come again.
 */
function trailersOf({ error, traceparent }: Outcome, call: MessageCall): Metadata | undefined {
  const { served = call.chosen, deprecation = [] } = call;
  if (error === undefined && traceparent === undefined && !served) return undefined;
  const metadata = new Metadata();
  if (served) metadata.set('x-tensorgate-version', served.version);
  if (served?.alias !== undefined) metadata.set('x-tensorgate-alias', served.alias);
  for (let at = 0; at < deprecation.length; at += 2) metadata.set(deprecation[at] ?? '', deprecation[at + 1] ?? '');
  if (traceparent !== undefined) metadata.set('traceparent', traceparent);
  if (error === undefined) return metadata;
  metadata.set('x-request-id', call.requestId);
  if (error instanceof ServiceError && error.retryAfterSeconds !== undefined)
    metadata.set('retry-after', String(error.retryAfterSeconds));
  return metadata;
}

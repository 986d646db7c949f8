import type { DataPlane } from '../core/data-plane.ts';
import { toldTo } from '../core/told-to.ts';
import type { Access, Authorize } from '../ports/authorize.ts';
import type { Clock } from '../ports/clock.ts';
import type { Limits } from '../settings.ts';
import { encodeInferResponse, encodeStreamError, encodeStreamResponse } from './encode-infer-response.ts';
import type { GrpcCall } from './grpc-call.ts';
import { type ServingStatus, servingStatus } from './health.ts';
import { type InferMethod, inferMethod } from './infer-method.ts';
import { type GrpcMethod, type GrpcRequest, methods } from './methods.ts';
import { scanInferRequest } from './scan-infer-request.ts';

export interface GrpcServiceOptions {
  readonly limits: Limits;
  readonly clock: Clock;
  readonly version: string;
  /** Lets callers through by their API keys. @default all pass */
  readonly authorize?: Authorize | undefined;
}

/** inference.GRPCInferenceService and gRPC's health service without a host: what answers their messages. */
export class GrpcService {
  readonly #dataPlane: DataPlane;
  readonly #options: GrpcServiceOptions;
  readonly #methods: Readonly<Record<string, GrpcMethod>>;
  readonly #infer: InferMethod;
  #isEnding = false;

  constructor(dataPlane: DataPlane, options: GrpcServiceOptions) {
    this.#dataPlane = dataPlane;
    this.#options = options;
    this.#methods = methods(dataPlane, options.version, () => this.isReady);
    this.#infer = inferMethod(dataPlane, options.limits, options.clock);
  }

  /** The methods whose messages are decoded and encoded as inference.proto has them: all but the inferences. */
  get methodNames(): readonly string[] {
    return Object.keys(this.#methods);
  }

  /**
   * Throws 401 for a caller of `method` who has no key that is known, whatever it is good for: before the message is
   * read.
   */
  admit(method: string, headers: GrpcCall['headers']): void {
    const [access = 'infer'] = this.#methods[method] ?? [];
    if (access !== 'open') this.#options.authorize?.(headers());
  }

  /**
   * Answers a decoded message with what is to be encoded. Rejects with a ServiceError, or with what is a fault of ours.
   */
  async answer(method: string, request: GrpcRequest, call: GrpcCall): Promise<object> {
    const [access, handler] = this.#methods[method] as GrpcMethod;
    this.#admit(call, access, request.name || request.model_name || undefined);
    try {
      return await handler(request, call.caller);
    } catch (error) {
      throw toldTo(call.caller, error);
    }
  }

  /** ModelInfer: an encoded request gets an encoded answer. Rejects as `answer` does. */
  async infer(message: Uint8Array, call: GrpcCall, encode = encodeInferResponse): Promise<Uint8Array> {
    const scanned = scanInferRequest(message, this.#options.limits);
    this.#admit(call, 'infer', scanned.modelName);
    try {
      return await this.#infer(scanned, call, encode);
    } catch (error) {
      throw toldTo(call.caller, error);
    }
  }

  /** As `infer`, but with the answer of ModelStreamInfer. */
  inferInStream(message: Uint8Array, call: GrpcCall): Promise<Uint8Array> {
    return this.infer(message, call, encodeStreamResponse);
  }

  /** The answer of ModelStreamInfer to a message that failed: why, and the id that it came with. */
  failureInStream(message: Uint8Array, details: string): Uint8Array {
    try {
      return encodeStreamError(details, scanInferRequest(message, this.#options.limits).id);
    } catch {
      return encodeStreamError(details, '');
    }
  }

  get isReady(): boolean {
    return !this.#isEnding && this.#dataPlane.repository.isReady();
  }

  servingStatus(service: string): ServingStatus {
    return servingStatus(this.isReady, service);
  }

  /** From now on it says that it is not ready, and answers all the same. */
  end(): void {
    this.#isEnding = true;
  }

  /**
   * Lets a call through, and notes whose it is. Throws as `authorize` does, 403 where the caller may not do it, and 429
   * where it asks for too much.
   */
  #admit(call: GrpcCall, access: Access, model: string | undefined): void {
    const { authorize } = this.#options;
    call.asked = model;
    if (!authorize || access === 'open') return;
    call.caller = authorize(call.headers());
    call.caller.take();
    if (access !== 'any') call.caller.check(access, model);
  }
}

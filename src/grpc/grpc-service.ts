import type { DataPlane } from '../core/data-plane.ts';
import type { Clock } from '../ports/clock.ts';
import type { Limits } from '../settings.ts';
import { encodeInferResponse, encodeStreamError, encodeStreamResponse } from './encode-infer-response.ts';
import type { GrpcCall } from './grpc-call.ts';
import { type ServingStatus, servingStatus } from './health.ts';
import { type InferMethod, inferMethod } from './infer-method.ts';
import { type GrpcMethod, methods } from './methods.ts';
import { scanInferRequest } from './scan-infer-request.ts';

/** inference.GRPCInferenceService and gRPC's health service without a host: what answers their messages. */
export class GrpcService {
  /** Those whose messages are decoded and encoded as inference.proto has them. */
  readonly methods: Readonly<Record<string, GrpcMethod>>;
  readonly #dataPlane: DataPlane;
  readonly #limits: Limits;
  readonly #infer: InferMethod;

  constructor(dataPlane: DataPlane, limits: Limits, clock: Clock, version: string) {
    this.methods = methods(dataPlane, version);
    this.#dataPlane = dataPlane;
    this.#limits = limits;
    this.#infer = inferMethod(dataPlane, limits, clock);
  }

  /** ModelInfer: an encoded request gets an encoded answer. Rejects with a ServiceError, or with what is a fault of ours. */
  async infer(message: Uint8Array, call: GrpcCall): Promise<Uint8Array> {
    return this.#infer(scanInferRequest(message, this.#limits), call, encodeInferResponse);
  }

  /** As `infer`, but with the answer of ModelStreamInfer. */
  async inferInStream(message: Uint8Array, call: GrpcCall): Promise<Uint8Array> {
    return this.#infer(scanInferRequest(message, this.#limits), call, encodeStreamResponse);
  }

  /** The answer of ModelStreamInfer to a message that failed: why, and the id that it came with. */
  failureInStream(message: Uint8Array, details: string): Uint8Array {
    try {
      return encodeStreamError(details, scanInferRequest(message, this.#limits).id);
    } catch {
      return encodeStreamError(details, '');
    }
  }

  servingStatus(service: string): ServingStatus {
    return servingStatus(this.#dataPlane.repository, service);
  }
}

import { comparableInference } from '../core/canary/comparable-inference.ts';
import { countRows } from '../core/count-rows.ts';
import type { DataPlane } from '../core/data-plane.ts';
import { deprecationHeaders } from '../core/releases/deprecation-headers.ts';
import { tokensOf } from '../core/tokens-of.ts';
import type { Clock } from '../ports/clock.ts';
import type { InferenceRequest, InferenceResponse } from '../protocol/inference.ts';
import type { Limits } from '../settings.ts';
import type { GrpcCall } from './grpc-call.ts';
import { InferCall } from './infer-call.ts';
import { inputTensors } from './input-tensors.ts';
import type { ScannedInferRequest } from './scan-infer-request.ts';

/** Runs what a request asks for, and encodes the answer with `encode`. */
export type InferMethod = (
  scanned: ScannedInferRequest,
  call: GrpcCall,
  encode: (response: InferenceResponse, isTyped: boolean) => Uint8Array,
) => Promise<Uint8Array>;

/**
 * ModelInfer, once its message has been scanned. Every request that names a version counts once in its statistics, as a
 * success or a failure.
 */
export function inferMethod(dataPlane: DataPlane, limits: Limits, clock: Clock): InferMethod {
  return async (scanned, grpcCall, encode) => {
    const call = new InferCall(grpcCall, clock);
    const { times, received } = call;
    const reference = scanned.modelVersion || undefined;
    let chosen = dataPlane.releases.choose(scanned.modelName, reference, {
      caller: grpcCall.caller?.name,
      id: grpcCall.requestId,
    });
    grpcCall.chosen = chosen.served;
    try {
      call.begin(scanned.parameters);
      chosen = chosen.by(dataPlane.versionFor(chosen.version, reference, scanned.parameters, call));
      grpcCall.chosen = chosen.served;
      const { version } = chosen;
      const request = requestOf(scanned, limits);
      times.inputMs = clock.now() - received;
      const response = await dataPlane.infer(version, request, call);
      const started = clock.now();
      const answer = encode(response, call.isTyped);
      times.outputMs = clock.now() - started;
      const items = version.signature ? countRows(version.signature, request) : 1;
      grpcCall.served = { ...chosen.served, items, ...tokensOf(call), receivedMs: received, times };
      grpcCall.deprecation = deprecationHeaders(dataPlane.repository, chosen.served);
      chosen.succeeded(
        times,
        items,
        chosen.isWatched ? comparableInference(dataPlane, version, request, response) : undefined,
      );
      return answer;
    } catch (error) {
      chosen.failed(clock.now() - received, error);
      throw error;
    } finally {
      call.end();
    }
  };
}

function requestOf(scanned: ScannedInferRequest, limits: Limits): InferenceRequest {
  const { id, parameters, outputs } = scanned;
  return {
    ...(id === '' ? {} : { id }),
    parameters,
    inputs: inputTensors(scanned, limits),
    ...(outputs.length > 0 ? { outputs } : {}),
  };
}

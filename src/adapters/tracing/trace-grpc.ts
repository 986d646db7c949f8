import { stagesOf } from '../../core/stages-of.ts';
import type { GrpcCall } from '../../grpc/grpc-call.ts';
import type { RequestTrace, RequestTracer } from '../../ports/request-tracer.ts';

/** The trace of a request over gRPC. */
export interface GrpcTrace extends Pick<RequestTrace, 'ids' | 'traceparent'> {
  /** Ends it with the status; `error` is what it failed on. */
  end(code: number, served: GrpcCall['served'], error: unknown): void;
}

/** Begins the trace of a request that was received `startedMs`; undefined for one that is not traced. */
export type TraceGrpc = (
  method: string,
  headers: Readonly<Record<string, string>>,
  requestId: string,
  startedMs: number,
) => GrpcTrace | undefined;

const service = 'inference.GRPCInferenceService';
// Asked every few seconds by what watches the server: nobody looks for these.
const unwatched = ['ServerLive', 'ServerReady'];
/**
 * UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE: the server's, where the others are the caller's.
 */
const faults = [2, 4, 12, 13, 14];

/** Traces requests over gRPC, by OpenTelemetry's semantic conventions. */
export function traceGrpc(tracer: RequestTracer): TraceGrpc {
  return (method, headers, requestId, startedMs) => {
    if (unwatched.includes(method)) return undefined;
    const { ids, traceparent, end } = tracer.begin(`${service}/${method}`, headers, startedMs, {
      'rpc.system': 'grpc',
      'rpc.service': service,
      'rpc.method': method,
      'tensorgate.request_id': requestId,
    });
    return {
      ids,
      traceparent,
      end: (code, served, error) =>
        end({
          attributes: {
            'rpc.grpc.status_code': code,
            ...(served && { 'tensorgate.model': served.model, 'tensorgate.version': served.version }),
          },
          ...(faults.includes(code) && { fault: error instanceof Error ? error.message : `status ${code}` }),
          stages: served ? stagesOf(served) : [],
        }),
    };
  };
}

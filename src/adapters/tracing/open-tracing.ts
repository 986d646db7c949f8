import type { ServiceLog } from '../service-log.ts';
import { OtlpTracer } from './otlp-tracer.ts';
import { type TraceGrpc, traceGrpc } from './trace-grpc.ts';
import { type TraceHttp, traceHttp } from './trace-http.ts';

/** How requests are traced, by the transport that they come by. */
export interface Tracing {
  /** `routeOf` gives a path's pattern. */
  http(routeOf: (path: string) => string | undefined): TraceHttp;
  readonly grpc: TraceGrpc;
  /** Sends what has ended, and takes no more. Never rejects. */
  close(): Promise<void>;
}

/** Traces to the collector at `endpoint`. Throws an Error for variables of the environment that say what cannot be. */
export function openTracing(endpoint: string, environment: NodeJS.ProcessEnv, log: ServiceLog): Tracing {
  const tracer = new OtlpTracer(endpoint, environment, log);
  return {
    http: (routeOf) => traceHttp(tracer, routeOf),
    grpc: traceGrpc(tracer),
    close: () => tracer.close(),
  };
}

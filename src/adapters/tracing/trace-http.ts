import { stagesOf } from '../../core/stages-of.ts';
import type { HttpRequest, HttpResponse } from '../../http/http-message.ts';
import type { RequestTrace, RequestTracer } from '../../ports/request-tracer.ts';

/** A request over HTTP, as it arrived. */
export interface ArrivedRequest extends Pick<HttpRequest, 'method' | 'path' | 'headers' | 'requestId'> {
  /** By `performance.now()`. */
  readonly startedMs: number;
}

/** The trace of a request over HTTP. */
export interface HttpTrace extends Pick<RequestTrace, 'ids' | 'traceparent'> {
  /** Ends it with the answer; `error` is what it failed on. */
  end(answer: HttpResponse, error: unknown): void;
}

/** Begins the trace of a request; undefined for one that is not traced. */
export type TraceHttp = (request: ArrivedRequest) => HttpTrace | undefined;

// Asked every few seconds by what watches the server: nobody looks for these.
const unwatched = /^\/(v2\/health\/|ping$|metrics$)/;

/** Traces requests over HTTP, by OpenTelemetry's semantic conventions; `routeOf` gives a path's pattern. */
export function traceHttp(tracer: RequestTracer, routeOf: (path: string) => string | undefined): TraceHttp {
  return ({ method, path, headers, requestId, startedMs }) => {
    if (unwatched.test(path)) return undefined;
    const route = routeOf(path);
    const { ids, traceparent, end } = tracer.begin(route ? `${method} ${route}` : method, headers, startedMs, {
      'http.request.method': method,
      'url.path': path,
      ...(route && { 'http.route': route }),
      'tensorgate.request_id': requestId,
    });
    return {
      ids,
      traceparent,
      end: ({ status, served, stages }, error) => {
        // A good status with an error: an answer that broke off as it streamed.
        const isFault = status >= 500 || (status < 400 && error !== undefined);
        end({
          attributes: {
            'http.response.status_code': status,
            ...(served && { 'tensorgate.model': served.model, 'tensorgate.version': served.version }),
            ...(isFault && { 'error.type': status >= 500 ? String(status) : 'broken_stream' }),
          },
          ...(isFault && { fault: error instanceof Error ? error.message : `status ${status}` }),
          stages: stages ? stagesOf(stages) : [],
        });
      },
    };
  };
}

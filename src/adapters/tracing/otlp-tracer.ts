import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import packageJson from '../../../package.json' with { type: 'json' };
import type { RequestTrace, RequestTracer, SpanAttributes, TracedEnd } from '../../ports/request-tracer.ts';
import type { ServiceLog } from '../service-log.ts';
import { chooseSampler } from './choose-sampler.ts';
import { tellingExporter } from './telling-exporter.ts';

type Headers = Parameters<RequestTracer['begin']>[1];

// Of a whole export, its retries among it: as long as a server that ends may wait for it.
const timeoutMillis = 3000;
const getter = {
  get: (headers: Headers, name: string) => headers[name],
  keys: (headers: Headers) => Object.keys(headers),
};

/**
 * Sends spans by OTLP over HTTP to the collector at `endpoint`, in batches, and drops them where it does not keep up.
 */
export class OtlpTracer implements RequestTracer {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #propagator = new W3CTraceContextPropagator();

  constructor(endpoint: string, environment: NodeJS.ProcessEnv, log: ServiceLog) {
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    const exporter = tellingExporter(new OTLPTraceExporter({ url, timeoutMillis }), url, log);
    const service = { 'service.name': 'tensorgate', 'service.version': packageJson.version };
    this.#provider = new TracerProvider({
      resource: defaultResource()
        .merge(resourceFromAttributes(service))
        .merge(detectResources({ detectors: [envDetector] })),
      sampler: chooseSampler(environment),
      spanProcessors: [new BatchSpanProcessor({ exporter, exportTimeoutMillis: timeoutMillis })],
    });
    this.#tracer = this.#provider.getTracer('tensorgate', packageJson.version);
  }

  begin(name: string, headers: Headers, startedMs: number, attributes: SpanAttributes): RequestTrace {
    const caller = this.#propagator.extract(ROOT_CONTEXT, headers, getter);
    // All times of a request by one reading of the wall clock: it may be set meanwhile, and runs otherwise than the
    // other.
    const wallMs = Date.now() - performance.now();
    const options = { kind: SpanKind.SERVER, startTime: wallMs + startedMs, attributes: { ...attributes } };
    const span = this.#tracer.startSpan(name, options, caller);
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      ids: { trace_id: traceId, span_id: spanId },
      traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
      end: (end) => this.#end(span, end, wallMs),
    };
  }

  #end(span: Span, { attributes, fault, stages }: TracedEnd, wallMs: number): void {
    if (!span.isRecording()) return;
    const within = trace.setSpan(ROOT_CONTEXT, span);
    for (const { name, startedMs, endedMs } of stages)
      this.#tracer.startSpan(name, { startTime: wallMs + startedMs }, within).end(wallMs + endedMs);
    span.setAttributes(attributes);
    if (fault !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: fault });
    span.end(wallMs + performance.now());
  }

  async close(): Promise<void> {
    await this.#provider.shutdown().catch(() => undefined);
  }
}

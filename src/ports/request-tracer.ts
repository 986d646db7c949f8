/** What is told of a span, by OpenTelemetry's names where there is one. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** A part of a request's time; by `performance.now()`. */
export interface TracedStage {
  readonly name: string;
  readonly startedMs: number;
  readonly endedMs: number;
}

/** How a request ended. */
export interface TracedEnd {
  readonly attributes: SpanAttributes;
  /** What was at fault, where it was the server. */
  readonly fault?: string;
  readonly stages: readonly TracedStage[];
}

/** The span of a request that is being answered. */
export interface RequestTrace {
  /** As logs name them. */
  readonly ids: { readonly trace_id: string; readonly span_id: string };
  /** The header of that name, for the answer. */
  readonly traceparent: string;
  /** Ends it now. To be called once, however the request ended. */
  end(end: TracedEnd): void;
}

/** Begins spans of requests, of any transport. */
export interface RequestTracer {
  /**
   * Begins a span, as a part of the caller's trace where `headers` have a `traceparent`.
   *
   * @param headers by lower-case name; of gRPC, the metadata
   * @param startedMs by `performance.now()`
   */
  begin(
    name: string,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    startedMs: number,
    attributes: SpanAttributes,
  ): RequestTrace;
  /** Sends what has ended, and takes no more. Never rejects. */
  close(): Promise<void>;
}

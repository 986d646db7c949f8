import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { ServiceLog } from '../service-log.ts';

/**
 * The same exporter, but that the log is told when spans can no longer be sent, and when they can again: not of each
 * try.
 */
export function tellingExporter(exporter: SpanExporter, endpoint: string, log: ServiceLog): SpanExporter {
  let isFailing = false;
  const tell = ({ code, error }: ExportResult) => {
    const failed = code !== ExportResultCode.SUCCESS;
    if (failed && !isFailing) log.warn({ endpoint, reason: error?.message }, 'traces cannot be sent; they are dropped');
    if (!failed && isFailing) log.info({ endpoint }, 'traces are sent again');
    isFailing = failed;
  };
  return {
    export: (spans: ReadableSpan[], done: (result: ExportResult) => void) =>
      exporter.export(spans, (result) => {
        tell(result);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}

import type { ConversionReport } from './conversion-report.ts';

/** A run's time by that of the source, measured by turns; undefined where it was not. */
export function timeRatio({ latency }: ConversionReport): number | undefined {
  return latency && latency.ms / latency.sourceMs;
}

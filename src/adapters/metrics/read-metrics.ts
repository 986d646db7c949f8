import type { DataPlane } from '../../core/data-plane.ts';
import type { MetricsText, ReadMetrics } from '../../http/metrics-route.ts';
import type { MetricsSource } from './metrics-source.ts';

/** Writes the metrics of a data plane and its host; the library that does is loaded at the first call. */
export function readMetrics(source: Omit<MetricsSource, 'dataPlane'>): (dataPlane: DataPlane) => Promise<MetricsText> {
  let opened: Promise<ReadMetrics> | undefined;
  return async (dataPlane) => {
    opened ??= import('./metrics-text.ts').then(({ metricsText }) => metricsText({ dataPlane, ...source }));
    return (await opened)();
  };
}

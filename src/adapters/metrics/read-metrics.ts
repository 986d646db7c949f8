import type { DataPlane } from '../../core/data-plane.ts';
import type { MetricsText } from '../../http/metrics-route.ts';
import type { MetricsSource } from './metrics-source.ts';

/** Writes the metrics of a data plane and its host; the library that does is loaded at the first call. */
export function readMetrics(source: Omit<MetricsSource, 'dataPlane'>): (dataPlane: DataPlane) => Promise<MetricsText> {
  return async (dataPlane) => {
    const { metricsText } = await import('./metrics-text.ts');
    return metricsText({ dataPlane, ...source });
  };
}

import type { DataPlane } from '../../core/data-plane.ts';
import type { MetricsText } from '../../http/metrics-route.ts';
import type { Caller } from '../../ports/caller.ts';
import type { MetricsSource } from './metrics-source.ts';

type ServiceMetrics = (dataPlane: DataPlane, caller: Caller | undefined) => Promise<MetricsText>;

/** Writes the metrics of a data plane and its host; the library that does is loaded at the first call. */
export function readMetrics(source: Omit<MetricsSource, 'dataPlane'>): ServiceMetrics {
  return async (dataPlane, caller) => {
    const { metricsText } = await import('./metrics-text.ts');
    return metricsText({ dataPlane, ...source }, caller);
  };
}

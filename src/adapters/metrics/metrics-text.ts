import { type Metric, Registry } from 'prom-client';
import type { MetricsText } from '../../http/metrics-route.ts';
import type { MetricsSource } from './metrics-source.ts';
import { modelMetrics } from './model-metrics.ts';
import { serverMetrics } from './server-metrics.ts';

/** All metrics in Prometheus's text format, as they are now. */
export async function metricsText(source: MetricsSource): Promise<MetricsText> {
  const registry = new Registry();
  for (const { samples, ...family } of [...modelMetrics(source.dataPlane.repository), ...serverMetrics(source)]) {
    // Of a metric the registry asks no more than this; the library's own count by themselves, what there is to tell is counted already.
    const metric = { ...family, get: async () => ({ ...family, values: samples }) };
    registry.registerMetric(metric as unknown as Metric);
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}

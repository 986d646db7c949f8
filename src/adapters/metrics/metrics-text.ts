import { type Metric, Registry } from 'prom-client';
import type { MetricsText } from '../../http/metrics-route.ts';
import type { Caller } from '../../ports/caller.ts';
import { driftMetrics } from './drift-metrics.ts';
import type { MetricFamily } from './metric-family.ts';
import type { MetricsSource } from './metrics-source.ts';
import { modelMetrics } from './model-metrics.ts';
import { releaseMetrics } from './release-metrics.ts';
import { serverMetrics } from './server-metrics.ts';

/** The metrics in Prometheus's text format, as they are now: of models, those that the caller may know of. */
export async function metricsText(source: MetricsSource, caller: Caller | undefined): Promise<MetricsText> {
  const registry = new Registry();
  const isShown = ({ labels: { model } }: MetricFamily['samples'][number]) =>
    caller === undefined || model === undefined || caller.sees(String(model));
  for (const { samples, ...family } of [
    ...modelMetrics(source.dataPlane.repository),
    ...serverMetrics(source),
    ...driftMetrics(source.drift()),
    ...releaseMetrics(source.dataPlane.releases.list()),
  ]) {
    // Of a metric the registry asks no more than this; the library's own count by themselves, what there is to tell is
    // counted already.
    const metric = { ...family, get: async () => ({ ...family, values: samples.filter(isShown) }) };
    registry.registerMetric(metric as unknown as Metric);
  }
  return { contentType: registry.contentType, text: await registry.metrics() };
}

import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Served } from '../src/ports/served.ts';
import { metrics } from './metrics.ts';

/**
 * Counts an inference and its time. The caller is a property, not a dimension: each key would be a metric of its own,
 * and be paid for as one.
 */
export function countInference({ model, version }: Served, ms: number, caller: Record<string, string>): void {
  metrics.addDimensions({ model, version });
  metrics.addMetric('InferenceMs', MetricUnit.Milliseconds, ms);
  for (const [name, value] of Object.entries(caller)) metrics.addMetadata(name, value);
  metrics.publishStoredMetrics();
}

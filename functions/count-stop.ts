import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { CanaryStop } from '../src/core/canary/releases.ts';
import { metrics } from './metrics.ts';

/** Counts a canary that was taken back. */
export function countStop({ model, alias, canary }: CanaryStop): void {
  metrics.addDimensions({ model, version: String(canary.version), alias });
  metrics.addMetric('CanariesStopped', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}

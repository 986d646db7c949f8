import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { LoadReport } from '../src/core/load-report.ts';
import type { ModelVersion } from '../src/core/model-version.ts';
import { metrics } from './metrics.ts';

/** Counts a version that was loaded, by the form in which it was. */
export function countLoad({ name, version }: ModelVersion, { form }: LoadReport): void {
  metrics.addDimensions({ model: name, version: String(version), form });
  metrics.addMetric('Loads', MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
}

import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { TrialFigure } from '../src/core/canary/trial-figures.ts';
import { metrics } from './metrics.ts';

/** Tells how versions on trial do. */
export function countTrials(figures: readonly TrialFigure[]): void {
  for (const { model, alias, version, role, compared, disagreed, difference, state } of figures) {
    metrics.addDimensions({ model, version: String(version), alias, role });
    if (compared > 0) {
      metrics.addMetric('Compared', MetricUnit.Count, compared);
      metrics.addMetric('Disagreed', MetricUnit.Count, disagreed);
      // Without a number to compare there is none.
      if (Number.isFinite(difference)) metrics.addMetric('Difference', MetricUnit.NoUnit, difference);
    }
    if (state) {
      metrics.addMetric('CanaryPercent', MetricUnit.Percent, state.percent);
      metrics.addMetric('CanaryEvidence', MetricUnit.NoUnit, state.evidence);
    }
    metrics.publishStoredMetrics();
  }
}

import type { FeatureDrift } from '../../core/drift/feature-drift.ts';
import { featureLabel } from '../../core/drift/feature-label.ts';
import { leastRows } from '../../core/drift/least-rows.ts';
import type { DriftReading } from '../drift/watched-version.ts';
import type { MetricFamily, MetricSample } from './metric-family.ts';

type Read = (drift: FeatureDrift) => number | undefined;

const statistics: readonly (readonly [name: string, help: string, read: Read])[] = [
  ['tensorgate_drift_psi', 'Population stability index of a feature against its baseline, today', ({ psi }) => psi],
  [
    'tensorgate_drift_js',
    'Jensen-Shannon divergence of a feature against its baseline, in bits, today',
    ({ js }) => js,
  ],
  [
    'tensorgate_drift_ks',
    'Kolmogorov-Smirnov distance of a feature against its baseline, today',
    ({ ks }) => ks?.distance,
  ],
];

/**
 * How inputs and outputs have moved against their baselines, as this host has seen it today; of versions with rows
 * enough to say.
 */
export function driftMetrics(readings: readonly DriftReading[]): readonly MetricFamily[] {
  if (readings.length === 0) return [];
  const labels = ({ model, version }: DriftReading) => ({ model, version: String(version) });
  const told = readings.filter(({ rows }) => rows >= leastRows);
  return [
    {
      type: 'gauge',
      name: 'tensorgate_drift_rows',
      help: 'Rows that were looked at today',
      samples: readings.map((reading) => ({ labels: labels(reading), value: reading.rows })),
    },
    ...statistics.map(([name, help, read]): MetricFamily => {
      const samples = told.flatMap((reading): MetricSample[] =>
        reading.features.flatMap((drift) => {
          const value = read(drift);
          const feature = featureLabel(drift.feature);
          return value === undefined
            ? []
            : [{ labels: { ...labels(reading), side: drift.feature.side, feature }, value }];
        }),
      );
      return { type: 'gauge', name, help, samples };
    }),
  ];
}

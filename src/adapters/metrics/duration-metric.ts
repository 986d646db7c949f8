import { durationBounds } from '../../core/duration-histogram.ts';
import type { MetricFamily, MetricSample } from './metric-family.ts';
import type { ReadVersion } from './read-version.ts';

const name = 'tensorgate_request_duration_seconds';

/** How long requests took that were answered, as a histogram for each version. */
export function durationMetric(versions: readonly ReadVersion[]): MetricFamily {
  return {
    type: 'histogram',
    name,
    help: 'Time of requests that were answered',
    samples: versions.flatMap(samplesOf),
  };
}

function samplesOf({ version, labels, statistics }: ReadVersion): MetricSample[] {
  const { count, ns } = statistics.inference_stats.success;
  let upTo = 0;
  const buckets = version.statistics.durations.counts.map((inBucket, index) => {
    upTo += inBucket;
    const le = String(durationBounds[index] ?? '+Inf');
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: upTo };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: ns / 1e9 },
    { metricName: `${name}_count`, labels, value: count },
  ];
}

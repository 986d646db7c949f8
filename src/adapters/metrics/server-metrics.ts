import { CachingDataPlane } from '../../core/caching-data-plane.ts';
import type { MetricFamily } from './metric-family.ts';
import type { MetricsSource } from './metrics-source.ts';

/** What is counted of the server and its process. */
export function serverMetrics({ dataPlane, memoryBudget, answers, inHand }: MetricsSource): readonly MetricFamily[] {
  const cache = dataPlane instanceof CachingDataPlane ? dataPlane.responseCache : undefined;
  const one = (type: MetricFamily['type'], name: string, help: string, value: number): MetricFamily => ({
    type,
    name,
    help,
    samples: [{ labels: {}, value }],
  });
  return [
    {
      type: 'counter',
      name: 'tensorgate_http_answers_total',
      help: 'Answers over HTTP, by status',
      samples: [...answers.http].map(([status, value]) => ({ labels: { status: String(status) }, value })),
    },
    {
      type: 'counter',
      name: 'tensorgate_grpc_answers_total',
      help: 'Answers over gRPC, by code',
      samples: [...answers.grpc].map(([code, value]) => ({ labels: { code: String(code) }, value })),
    },
    one('gauge', 'tensorgate_requests_in_hand', 'Requests over HTTP and gRPC that are not answered yet', inHand()),
    one('gauge', 'tensorgate_ready', 'Whether the server is ready', Number(dataPlane.repository.isReady())),
    one('gauge', 'tensorgate_memory_budget_bytes', 'Bytes of model files that may be loaded', memoryBudget),
    one('gauge', 'tensorgate_response_cache_bytes', 'Bytes of answers that are kept', cache?.bytes ?? 0),
    one('gauge', 'tensorgate_response_cache_entries', 'Answers that are kept', cache?.entries ?? 0),
    one(
      'counter',
      'tensorgate_event_loop_active_seconds_total',
      'Time in which the thread that answers requests was busy',
      performance.eventLoopUtilization().active / 1000,
    ),
    one('counter', 'process_cpu_seconds_total', 'Time of processors that was used', cpuSeconds()),
    one('gauge', 'process_resident_memory_bytes', 'Memory of the process', process.memoryUsage.rss()),
    one('gauge', 'process_start_time_seconds', 'When the process started, from 1970', startedAt()),
  ];
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function startedAt(): number {
  return performance.timeOrigin / 1000;
}

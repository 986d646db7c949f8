import type { DataPlane } from '../core/data-plane.ts';
import type { GpuUse } from './gpu-use.ts';
import type { ServiceLog } from './service-log.ts';

/** Requests that were answered until now, and the milliseconds that they waited for a run, all together. */
function waits(dataPlane: DataPlane): { count: number; ms: number } {
  const { repository } = dataPlane;
  const records = repository
    .names()
    .flatMap((name) => repository.versions(name).map((each) => each.statistics.toJSON()));
  return records.reduce(
    ({ count, ms }, { inference_stats: { queue } }) => ({ count: count + queue.count, ms: ms + queue.ns / 1e6 }),
    { count: 0, ms: 0 },
  );
}

/**
 * Writes a line `load` into the log each `intervalMs`, where that is not 0: how many requests were answered since the
 * last, and how long they waited for a run on average; and what `readGpu` tells. Scaling goes by it. The function that
 * comes back ends it.
 */
export function reportLoad(
  dataPlane: DataPlane,
  log: ServiceLog,
  intervalMs: number,
  readGpu?: () => Promise<GpuUse | undefined>,
): () => void {
  if (intervalMs === 0) return () => undefined;
  let last = waits(dataPlane);
  const timer = setInterval(() => {
    const now = waits(dataPlane);
    // Of a version that was let go for good, nothing is counted any more.
    const requests = Math.max(0, now.count - last.count);
    const queueMs = requests === 0 ? 0 : Math.max(0, now.ms - last.ms) / requests;
    last = now;
    const load = { requests, queueMs: Math.round(queueMs * 1000) / 1000 };
    if (readGpu) void readGpu().then((use) => log.info({ ...load, ...use }, 'load'));
    else log.info(load, 'load');
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

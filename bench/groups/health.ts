import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchRow } from '../bench-row.ts';
import { inferRequest } from '../load/infer-request.ts';
import { load } from '../load/load.ts';
import { heavyModel } from '../models/heavy-model.ts';
import { startServer } from '../processes/start-server.ts';

const probe = Buffer.from('GET /v2/health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n');

/** How long health probes take while all cores are busy with a heavy model. */
export async function* benchHealth(): AsyncGenerator<BenchRow> {
  const model = heavyModel();
  const { child, port } = await startServer(model);
  // With pauses, as probes without any would be a load of their own.
  const probing = { port, callers: 1, pauseMs: 20 };
  const idle = await load({ ...probing, seconds: 3 }, probe);
  const loading = load({ port, callers: 16, seconds: 11 }, inferRequest(model, 'binary'));
  await sleep(1500);
  const busy = await load({ ...probing, seconds: 8 }, probe);
  const { perSecond } = await loading;
  await child.end();
  const what = 'health probes while 16 callers keep all cores busy with 100 MB';
  const beside = `beside ${perSecond.toFixed(1)} runs/s`;
  yield {
    what,
    against: `idle: ${idle.medianMs.toFixed(2)} ms`,
    measured: busy.medianMs,
    unit: 'ms',
    target: { atMost: 15 },
    figures: `at the median, ${beside}`,
  };
  yield {
    what: `${what}, the slowest`,
    against: `idle: ${idle.slowestMs.toFixed(2)} ms`,
    measured: busy.slowestMs,
    unit: 'ms',
    target: { atMost: 50 },
    figures: `99 of 100 within ${busy.p99Ms.toFixed(1)} ms, ${beside}`,
  };
}

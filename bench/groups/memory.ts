import { existsSync } from 'node:fs';
import type { BenchRow } from '../bench-row.ts';
import { inferRequest } from '../load/infer-request.ts';
import { load } from '../load/load.ts';
import { heavyModel } from '../models/heavy-model.ts';
import { peakMegabytes } from '../processes/peak-megabytes.ts';
import { RunLoops } from '../processes/run-loops.ts';
import { startServer } from '../processes/start-server.ts';

/** The most memory that a server with one model of 100 MB takes, from its start on. */
export async function* benchMemory(): AsyncGenerator<BenchRow> {
  const model = heavyModel();
  const megabytes = model.bytes / 1e6;
  const row = {
    what: 'peak memory of a server with one model of 100 MB',
    against: `3.2 × ${megabytes.toFixed(1)} MB + 60 MB`,
  };
  if (!existsSync('/proc/self/status')) return yield { ...row, skipped: 'the peak is read from Linux’s /proc' };
  const server = await startServer(model);
  await load({ port: server.port, callers: 4, seconds: 1 }, inferRequest(model, 'binary'));
  const ours = peakMegabytes(server.child.pid);
  await server.child.end();
  // Started, it has run once.
  const raw = await RunLoops.start(1, { engine: 'binding', model, threads: 1, callers: 1 });
  const [theirs = Number.NaN] = raw.children.map((child) => peakMegabytes(child.pid));
  await raw.end();
  yield {
    ...row,
    measured: ours,
    unit: 'MB',
    target: { atMost: Math.round(3.2 * megabytes + 60) },
    figures: `onnxruntime-node by path, one run: ${theirs.toFixed(0)} MB`,
  };
}

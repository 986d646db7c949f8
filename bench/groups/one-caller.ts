import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { inferRequest } from '../load/infer-request.ts';
import { load } from '../load/load.ts';
import { median } from '../median.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { RunLoops } from '../processes/run-loops.ts';
import { startServer } from '../processes/start-server.ts';

/** What HTTP adds to one caller's run of the tiny model. */
export async function* benchOneCaller(): AsyncGenerator<BenchRow> {
  const model = tinyModel();
  const { child, port } = await startServer(model);
  const raw = await RunLoops.start(1, { engine: 'binding', model, threads: 1, callers: 1 });
  const request = inferRequest(model, 'binary');
  const [served = [], bare = []] = await inTurns(
    5,
    async () => (await load({ port, callers: 1, seconds: 2 }, request)).medianMs,
    async () => (await raw.measure(1)).medianMs,
  );
  await Promise.all([child.end(), raw.end()]);
  const [servedMs, rawMs] = [median(served), median(bare)];
  yield {
    what: 'tiny model, one caller, binary: added at the median',
    against: "onnxruntime-node's session.run",
    measured: servedMs - rawMs,
    unit: 'ms',
    target: { atMost: 0.25 },
    figures: `${servedMs.toFixed(3)} / ${rawMs.toFixed(3)} ms`,
  };
}

import { availableParallelism } from 'node:os';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { inferRequest } from '../load/infer-request.ts';
import { load } from '../load/load.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { heavyModel } from '../models/heavy-model.ts';
import { mobilenetModel } from '../models/mobilenet-model.ts';
import { RunLoops } from '../processes/run-loops.ts';
import { startServer } from '../processes/start-server.ts';

const rounds = 8;
const seconds = 2;
const callers = 8;

/** Heavy models, 8 callers, beside the raw runtime's loop in Node with the same threads. */
export async function* benchHeavy(): AsyncGenerator<BenchRow> {
  const mobilenet = mobilenetModel();
  if (mobilenet) yield* benchModel('MobileNet', mobilenet);
  else yield { what: 'MobileNet', against: 'the raw runtime', skipped: '../shared/testdata is not there' };
  yield* benchModel('100 MB float network', heavyModel());
}

async function* benchModel(name: string, model: BenchModel): AsyncGenerator<BenchRow> {
  const { child, port } = await startServer(model);
  const request = inferRequest(model, 'binary');
  // As many threads as the server runs by default, in the two ways there are; the better one counts.
  const threads = availableParallelism();
  const job = { engine: 'binding', model, callers: 1 } as const;
  const apart = await RunLoops.start(threads, { ...job, threads: 1 });
  const together = await RunLoops.start(1, { ...job, threads });
  const spreads: number[] = [];
  const [ours = [], inProcesses = [], inThreads = []] = await inTurns(
    rounds,
    async () => {
      const { perSecond, spread } = await load({ port, callers, seconds }, request);
      spreads.push(spread);
      return perSecond;
    },
    async () => (await apart.measure(seconds)).perSecond,
    async () => (await together.measure(seconds)).perSecond,
  );
  await Promise.all([child.end(), apart.end(), together.end()]);
  const isApart = median(inProcesses) >= median(inThreads);
  const theirs = isApart ? inProcesses : inThreads;
  yield {
    what: `${name}, ${callers} callers, binary`,
    against: `onnxruntime-node's loop, ${isApart ? `${threads} processes of 1 thread` : `1 process of ${threads} threads`}`,
    measured: medianRatio(ours, theirs),
    unit: '×',
    target: { atLeast: 0.95 },
    figures: `${median(ours).toFixed(1)} / ${median(theirs).toFixed(1)} runs/s`,
  };
  yield {
    what: `${name}: slowest caller's mean`,
    against: "the fastest caller's mean",
    measured: Math.max(...spreads),
    unit: '×',
    target: { atMost: 1.5 },
    figures: `the worst of ${rounds} rounds`,
  };
}

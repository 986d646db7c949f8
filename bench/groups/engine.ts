import { InferenceSession, Tensor } from 'onnxruntime-node';
import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import type { Run } from '../../src/ports/session.ts';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { encoderModel } from '../models/encoder-model.ts';
import { inputData } from '../models/input-data.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { RunLoops } from '../processes/run-loops.ts';

const runs = 3000;
const seconds = 4;

/** The engine without a server: the cost of one call, two callers at once, and how late the event loop gets. */
export async function* benchEngine(): AsyncGenerator<BenchRow> {
  yield await benchOneCall();
  yield* benchTwoCallers();
}

async function benchOneCall(): Promise<BenchRow> {
  const { path, input, output } = tinyModel();
  const values = inputData(input);
  const theirs = await InferenceSession.create(path, { intraOpNumThreads: 1 });
  const ours = await openNativeSession(path, { intraOpThreads: 1 });
  const feeds = { [input.name]: new Tensor('float32', values as Float32Array, input.shape) };
  const data = new Uint8Array(values.buffer);
  const run: Run = {
    inputNames: [input.name],
    inputs: [{ datatype: input.datatype, shape: input.shape, data }],
    outputNames: [output],
  };
  const microseconds = async (call: () => unknown) => {
    const started = performance.now();
    for (let index = 0; index < runs; index += 1) await call();
    return ((performance.now() - started) * 1000) / runs;
  };
  const [our = [], their = []] = await inTurns(
    12,
    () => microseconds(() => ours.runSync?.(run)),
    () => microseconds(() => theirs.run(feeds)),
  );
  await Promise.all([theirs.release(), ours.release()]);
  return {
    what: 'engine: one run of the tiny model',
    against: "onnxruntime-node's session.run",
    measured: medianRatio(their, our),
    unit: '×',
    target: { atLeast: 1.4 },
    figures: `${median(our).toFixed(1)} / ${median(their).toFixed(1)} µs`,
  };
}

async function* benchTwoCallers(): AsyncGenerator<BenchRow> {
  const job = { model: encoderModel(), threads: 1 };
  const session = await RunLoops.start(1, { ...job, engine: 'session', callers: 2 });
  const processes = await RunLoops.start(2, { ...job, engine: 'binding', callers: 1 });
  const [ours = [], theirs = []] = await inTurns(
    5,
    () => session.measure(seconds),
    () => processes.measure(seconds),
  );
  await Promise.all([session.end(), processes.end()]);
  const [our, their] = [ours, theirs].map((results) => results.map((result) => result.perSecond)) as [
    number[],
    number[],
  ];
  yield {
    what: 'engine: MiniLM-like, 2 callers, one session of 1 thread each',
    against: 'onnxruntime-node, 2 processes of 1 thread',
    measured: medianRatio(our, their),
    unit: '×',
    target: { atLeast: 0.95 },
    figures: `${median(our).toFixed(1)} / ${median(their).toFixed(1)} runs/s`,
  };
  yield {
    what: 'engine: the same, event loop late',
    against: 'a turn at once',
    measured: Math.max(...ours.map((result) => result.latestMs)),
    unit: 'ms',
    target: { atMost: 25 },
    figures: `at most, over ${ours.length * seconds} s`,
  };
}

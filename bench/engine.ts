import { fork } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Tensor as BindingTensor, InferenceSession } from 'onnxruntime-node';
import { openNativeSession } from '../src/adapters/onnx-native/open-native-session.ts';
import type { Run } from '../src/ports/session.ts';
import { buildOnnx } from '../test/fakes/onnx-builder.ts';
import { encoderGraph, encoderShape } from './encoder-graph.ts';
import { tinyGraph } from './tiny-graph.ts';

export interface BenchRow {
  readonly name: string;
  readonly against: string;
  readonly target: number;
  readonly ratio: number;
  readonly detail: string;
}

const folder = join(import.meta.dirname, '..', '.cache', 'bench');
const script = join(import.meta.dirname, 'binding-worker.ts');
const seconds = 4;

/** The engine against onnxruntime-node's binding: the cost of one call, two callers at once, and how late the event loop gets. */
export async function benchEngine(): Promise<BenchRow[]> {
  mkdirSync(folder, { recursive: true });
  return [await benchTiny(), ...(await benchTwoCallers())];
}

async function benchTiny(): Promise<BenchRow> {
  const path = join(folder, 'tiny.onnx');
  writeFileSync(path, buildOnnx(tinyGraph()));
  const values = Float32Array.from({ length: 784 }, () => Math.random());
  const theirs = await InferenceSession.create(path, { intraOpNumThreads: 1 });
  const ours = await openNativeSession(path, { intraOpThreads: 1 });
  const feeds = { x: new BindingTensor('float32', values, [1, 784]) };
  const data = new Uint8Array(values.buffer);
  const run: Run = { inputNames: ['x'], inputs: [{ datatype: 'FP32', shape: [1, 784], data }], outputNames: ['y'] };
  const times = { theirs: [] as number[], ours: [] as number[] };
  // In turns, so that a slow moment of the machine meets both.
  for (let round = 0; round < 12; round += 1) {
    let started = performance.now();
    for (let index = 0; index < 3000; index += 1) await theirs.run(feeds);
    times.theirs.push((performance.now() - started) / 3);
    started = performance.now();
    for (let index = 0; index < 3000; index += 1) ours.runSync?.(run);
    times.ours.push((performance.now() - started) / 3);
  }
  await Promise.all([theirs.release(), ours.release()]);
  const [their, our] = [median(times.theirs), median(times.ours)];
  return {
    name: 'one run of a tiny model',
    against: 'onnxruntime-node session.run',
    target: 1.4,
    ratio: their / our,
    detail: `${our.toFixed(1)} µs against ${their.toFixed(1)} µs`,
  };
}

async function benchTwoCallers(): Promise<BenchRow[]> {
  const path = join(folder, 'encoder.onnx');
  writeFileSync(path, buildOnnx(encoderGraph()));
  const ours: number[] = [];
  const theirs: number[] = [];
  let latest = 0;
  for (let round = 0; round < 3; round += 1) {
    theirs.push(await twoProcesses(path));
    const { perSecond, latestMs } = await twoCallers(path);
    ours.push(perSecond);
    latest = Math.max(latest, latestMs);
  }
  const [our, their] = [median(ours), median(theirs)];
  return [
    {
      name: 'two callers on one session of one thread',
      against: 'two processes of onnxruntime-node with one thread each',
      target: 0.95,
      ratio: our / their,
      detail: `${our.toFixed(1)} runs/s against ${their.toFixed(1)} runs/s`,
    },
    {
      name: 'event loop lateness meanwhile',
      against: '25 ms',
      target: 1,
      ratio: 25 / latest,
      detail: `${latest.toFixed(1)} ms at most`,
    },
  ];
}

async function twoCallers(path: string): Promise<{ perSecond: number; latestMs: number }> {
  const session = await openNativeSession(path, { intraOpThreads: 1 });
  const data = new Uint8Array(encoderShape[0] * encoderShape[1] * 4).fill(1);
  const run: Run = { inputNames: ['x'], inputs: [{ datatype: 'FP32', shape: encoderShape, data }], outputNames: ['y'] };
  await Promise.all([session.run(run), session.run(run)]);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  const end = started + seconds * 1000;
  let runs = 0;
  const caller = async () => {
    while (performance.now() < end) {
      await session.run(run);
      runs += 1;
    }
  };
  await Promise.all([caller(), caller()]);
  delay.disable();
  const perSecond = (runs * 1000) / (performance.now() - started);
  await session.release();
  return { perSecond, latestMs: delay.max / 1e6 - 5 };
}

/** Runs per second of two processes together, over the same time. */
async function twoProcesses(path: string): Promise<number> {
  const workers = [0, 1].map(() => fork(script, [path, ...encoderShape.map(String)]));
  const next = (worker: (typeof workers)[number]) =>
    new Promise<number>((resolve) => worker.once('message', (message) => resolve(Number(message))));
  await Promise.all(workers.map(next));
  const rates = workers.map((worker) => {
    worker.send(seconds);
    return next(worker);
  });
  const [first = 0, second = 0] = await Promise.all(rates);
  for (const worker of workers) worker.disconnect();
  return first + second;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? Number.NaN;
}

if (import.meta.main) console.table(await benchEngine());

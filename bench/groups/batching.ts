import { availableParallelism } from 'node:os';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { inferRequest } from '../load/infer-request.ts';
import { load } from '../load/load.ts';
import { loneCallerMedians } from '../load/lone-caller-medians.ts';
import { rate } from '../load/rate.ts';
import { warmUp } from '../load/warm-up.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { tokenEncoderModel } from '../models/token-encoder-model.ts';
import { withSettings } from '../models/with-settings.ts';
import { RunLoops } from '../processes/run-loops.ts';
import { startServer } from '../processes/start-server.ts';

const rounds = 5;
const seconds = 4;
const callers = 32;
const candidates = [1, 4, 8, 16];
const off = { batching: { mode: 'off' } };

/** What it gains, and costs, that requests share runs; and what becomes of callers when there are too many of them. */
export async function* benchBatching(): AsyncGenerator<BenchRow> {
  yield await encoderRow();
  yield* tinyRows();
  yield* overloadRows();
}

/** As many threads as the server has, each a process that runs batches of the size that suits the model best. */
async function encoderRow(): Promise<BenchRow> {
  const model = tokenEncoderModel();
  const { child, port } = await startServer(model);
  const threads = availableParallelism();
  const start = (rows: number) =>
    RunLoops.start(threads, { engine: 'binding', model: tokenEncoderModel(rows), threads: 1, callers: 1 });
  const loops = await Promise.all(candidates.map(start));
  const perSecond = async (index: number) =>
    ((await loops[index]?.measure(seconds))?.perSecond ?? 0) * (candidates[index] as number);
  const trials = await inTurns(2, ...candidates.map((_rows, index) => () => perSecond(index)));
  const request = inferRequest(model, 'binary');
  await warmUp({ port, callers }, request);
  const best = trials.map(median).reduce((most, rate, index, all) => (rate > (all[most] ?? 0) ? index : most), 0);
  const [ours = [], theirs = []] = await inTurns(
    rounds,
    async () => (await load({ port, callers, seconds }, request)).perSecond,
    () => perSecond(best),
  );
  await Promise.all([child.end(), ...loops.map((loop) => loop.end())]);
  return {
    what: `MiniLM-like, ${callers} callers, binary`,
    against: `onnxruntime-node's loop, ${threads} processes of 1 thread, ${candidates[best]} texts a run`,
    measured: medianRatio(ours, theirs),
    unit: '×',
    target: { atLeast: 0.95 },
    figures: `${median(ours).toFixed(1)} / ${median(theirs).toFixed(1)} texts/s`,
  };
}

async function* tinyRows(): AsyncGenerator<BenchRow> {
  const model = tinyModel();
  const [on, without] = await Promise.all([startServer(model), startServer(withSettings(model, 'apart', off))]);
  const request = inferRequest(model, 'binary');
  const many = { callers, seconds: 2, staysAwake: true };
  for (const { port } of [on, without]) await warmUp({ ...many, port }, request);
  const [joined = [], apart = []] = await inTurns(
    rounds,
    async () => (await load({ ...many, port: on.port }, request)).perSecond,
    async () => (await load({ ...many, port: without.port }, request)).perSecond,
  );
  yield {
    what: `tiny model, ${callers} callers, binary: batching on`,
    against: 'off',
    measured: medianRatio(joined, apart),
    unit: '×',
    target: { atLeast: 1.8 },
    figures: `${median(joined).toFixed(0)} / ${median(apart).toFixed(0)} requests/s`,
  };
  const [withIt = [], withoutIt = []] = await loneCallerMedians([on.port, without.port], request);
  await Promise.all([on.child.end(), without.child.end()]);
  yield {
    what: 'tiny model, one caller, binary: median with batching on',
    against: 'off',
    measured: medianRatio(withIt, withoutIt),
    unit: '×',
    target: { atMost: 1.03 },
    figures: `${median(withIt).toFixed(4)} / ${median(withoutIt).toFixed(4)} ms`,
  };
}

/** As many callers as keep the model busy, then four times the requests that it can answer, with a bounded queue. */
async function* overloadRows(): AsyncGenerator<BenchRow> {
  const saturating = 16;
  const model = tokenEncoderModel();
  const request = inferRequest(model, 'binary');
  const bounded = withSettings(model, 'bounded', { queue: { maxSize: saturating / 2 } });
  const [usual, refusing] = await Promise.all([startServer(model), startServer(bounded)]);
  const usually = { port: usual.port, callers: saturating };
  for (const { port } of [usual, refusing]) await warmUp({ port, callers: saturating / 2 }, request);
  // Before and after, as the speed of a machine with neighbours changes within minutes.
  const before = await load({ ...usually, seconds: 10 }, request);
  const job = { port: refusing.port, perSecond: 4 * before.perSecond, seconds: 60 };
  const over = await rate(job, request);
  const after = await load({ ...usually, seconds: 10 }, request);
  const p99Ms = (before.p99Ms + after.p99Ms) / 2;
  const perSecond = (before.perSecond + after.perSecond) / 2;
  await Promise.all([usual.child.end(), refusing.child.end()]);
  yield {
    what: 'MiniLM-like, 4 times the load that saturates it, 60 s: p99 of what was admitted',
    against: `at saturation, ${saturating} callers`,
    measured: over.p99Ms / p99Ms,
    unit: '×',
    target: { atMost: 2 },
    figures: `${over.p99Ms.toFixed(0)} / ${p99Ms.toFixed(0)} ms; ${(100 * over.refusedShare).toFixed(0)} % refused, half of them within ${over.refusedMs.toFixed(1)} ms`,
  };
  yield {
    what: 'the same: answers a second',
    against: 'the same',
    measured: over.perSecond / perSecond,
    unit: '×',
    target: { atLeast: 0.95 },
    figures: `${over.perSecond.toFixed(1)} / ${perSecond.toFixed(1)} texts/s`,
  };
}

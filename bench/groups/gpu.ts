import { availableParallelism } from 'node:os';
import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { GenerateProcess } from '../llm/generate-process.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { decoderModel } from '../models/decoder-model.ts';
import { encoderModel } from '../models/encoder-model.ts';
import { inputData } from '../models/input-data.ts';
import { superResolutionModel } from '../models/super-resolution-model.ts';
import { tinyModel } from '../models/tiny-model.ts';
import { firstGpu } from '../processes/first-gpu.ts';
import { type LoopJob, RunLoops } from '../processes/run-loops.ts';

const rounds = 5;
const seconds = 3;
const runs = 200;
const onProcessors = `the processor, threads: ${availableParallelism()}`;

interface Comparison {
  readonly what: string;
  readonly against: string;
  measure(): Promise<{ readonly ours: number[]; readonly theirs: number[]; readonly unit: string }>;
}

/**
 * Models on the machine's first GPU beside its processors. Without CUDA beside the runtime each row says why
 * (docs/server.md, GPU).
 */
export async function* benchGpu(): AsyncGenerator<BenchRow> {
  const whyNot = await whyNoGpu();
  for (const { what, against, measure } of comparisons()) {
    if (whyNot !== undefined) {
      yield { what, against, skipped: whyNot };
      continue;
    }
    const { ours, theirs, unit } = await measure();
    const figures = `${median(ours).toFixed(1)} / ${median(theirs).toFixed(1)} ${unit}`;
    yield { what, against, measured: medianRatio(ours, theirs), unit: '×', target: { atLeast: 1 }, figures };
  }
}

function* comparisons(): Generator<Comparison> {
  const real = superResolutionModel();
  if (real) {
    yield loops('GPU: super-resolution, one picture, one caller', real, 1);
    yield {
      what: 'GPU: super-resolution, the picture stays on the GPU',
      against: 'the picture comes to the processor',
      measure: () => whatStays(real),
    };
  }
  yield loops('GPU: MiniLM-like, 64 tokens, one caller', encoderModel(), 1);
  yield loops('GPU: MiniLM-like, 64 tokens, 8 callers', encoderModel(), 8);
  for (const size of ['15M', '110M'] as const) {
    yield {
      what: `GPU: decoder of ${size}, float32, caches handed on, tokens of one caller`,
      against: onProcessors,
      measure: () => tokens(size),
    };
  }
}

/** Why a model cannot run on the GPU here; undefined where it can. */
async function whyNoGpu(): Promise<string | undefined> {
  const session = await openNativeSession(tinyModel().path, { intraOpThreads: 1, cuda: { ...firstGpu, orCpu: true } });
  await session.release();
  return session.whyNotCuda;
}

function loops(what: string, model: BenchModel, callers: number): Comparison {
  const job: LoopJob = { engine: 'session', model, threads: availableParallelism(), callers };
  const measure = async () => {
    const [gpu, processor] = [await RunLoops.start(1, { ...job, onGpu: true }), await RunLoops.start(1, job)];
    const [ours = [], theirs = []] = await inTurns(
      rounds,
      async () => (await gpu.measure(seconds)).perSecond,
      async () => (await processor.measure(seconds)).perSecond,
    );
    await Promise.all([gpu.end(), processor.end()]);
    return { ours, theirs, unit: 'runs/s' };
  };
  return { what, against: onProcessors, measure };
}

/** Runs a second of a session on the GPU whose output stays there, and of one whose output does not. */
async function whatStays({ path, input, output }: BenchModel) {
  const session = await openNativeSession(path, { intraOpThreads: 1, cuda: firstGpu });
  const data = new Uint8Array(inputData(input).buffer);
  const inputs = [{ datatype: input.datatype, shape: input.shape, data }];
  const run = { inputNames: [input.name], inputs, outputNames: [output] };
  const perSecond = async (stays: boolean) => {
    const started = performance.now();
    for (let count = 0; count < runs; count += 1) {
      const [found] = await session.run(stays ? { ...run, stays: [true] } : run);
      found?.held?.release();
    }
    return (runs * 1000) / (performance.now() - started);
  };
  const [ours = [], theirs = []] = await inTurns(
    rounds,
    () => perSecond(true),
    () => perSecond(false),
  );
  await session.release();
  return { ours, theirs, unit: 'runs/s' };
}

async function tokens(size: '15M' | '110M') {
  const model = await decoderModel(size, 'plain');
  const settings = { callers: 1, promptTokens: 512, newTokens: 64, threads: availableParallelism() };
  const gpu = await GenerateProcess.start('generator', model, { ...settings, onGpu: true });
  const processor = await GenerateProcess.start('generator', model, settings);
  const [ours = [], theirs = []] = await inTurns(
    rounds,
    async () => (await gpu.measure()).perSecond,
    async () => (await processor.measure()).perSecond,
  );
  await Promise.all([gpu.end(), processor.end()]);
  return { ours, theirs, unit: 'tokens/s' };
}

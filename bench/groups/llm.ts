import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { type GenerateEngine, GenerateProcess, type GenerateSettings } from '../llm/generate-process.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { type DecoderKind, type DecoderModel, type DecoderSize, decoderModel } from '../models/decoder-model.ts';

const rounds: Readonly<Record<DecoderSize, number>> = { '15M': 9, '110M': 5 };
const one = { callers: 1, promptTokens: 512, newTokens: 64 };
const eight = { callers: 8, promptTokens: 64, newTokens: 64 };

const names: Readonly<Record<DecoderKind, string>> = {
  plain: 'float32, caches handed on',
  grouped: 'float32, GroupQueryAttention',
  int4: 'int4 (MatMulNBits), GroupQueryAttention',
};

interface Peer {
  readonly engine: GenerateEngine;
  readonly against: string;
  readonly atLeast: Partial<Record<DecoderKind, number>>;
}

const peers: readonly Peer[] = [
  {
    engine: 'loop',
    against: 'a loop over onnxruntime-node, copying caches',
    atLeast: { plain: 1.4, grouped: 1.4, int4: 2 },
  },
  { engine: 'binding', against: 'Python, onnxruntime, IO binding', atLeast: { plain: 1, grouped: 1, int4: 1 } },
  { engine: 'genai', against: 'onnxruntime-genai', atLeast: { grouped: 1, int4: 1 } },
  { engine: 'llama', against: 'llama-cpp-python', atLeast: { grouped: 1, int4: 1 } },
];

/** Tokens a second of decoders with random weights, one caller beside what else does the same, and eight callers beside one. */
export async function* benchLlm(): AsyncGenerator<BenchRow> {
  for (const size of ['15M', '110M'] as const) {
    for (const kind of ['plain', 'grouped', 'int4'] as const) {
      const model = await decoderModel(size, kind);
      for (const threads of [1, 2]) yield* oneCaller(model, size, threads);
      yield await eightCallers(model, size);
    }
  }
}

async function* oneCaller(model: DecoderModel, size: DecoderSize, threads: number): AsyncGenerator<BenchRow> {
  const settings: GenerateSettings = { ...one, threads };
  const what = `${size}, ${names[model.kind]}, one caller, threads: ${threads}`;
  const ours = await GenerateProcess.start('generator', model, settings);
  for (const { engine, against, atLeast } of peers) {
    const target = atLeast[model.kind];
    if (target === undefined) continue;
    const row = { what, against };
    const theirs = await GenerateProcess.start(engine, model, settings).catch((error: Error) => error.message);
    if (typeof theirs === 'string') {
      yield { ...row, skipped: theirs };
      continue;
    }
    const [our, their] = await measured(ours, theirs, rounds[size], 'perSecond');
    await theirs.end();
    const figures = `${perSecond(our)} / ${perSecond(their)} tokens/s`;
    yield { ...row, measured: medianRatio(our, their), unit: '×', target: { atLeast: target }, figures };
  }
  await ours.end();
}

async function eightCallers(model: DecoderModel, size: DecoderSize): Promise<BenchRow> {
  const many = await GenerateProcess.start('generator', model, { ...eight, threads: 1 });
  const alone = await GenerateProcess.start('generator', model, { ...eight, callers: 1, threads: 1 });
  // Each caller has a prompt to be read: one after another would take eight times what one takes with its own.
  const [our, their] = await measured(many, alone, rounds[size], 'withPrompts');
  await Promise.all([many.end(), alone.end()]);
  return {
    what: `${size}, ${names[model.kind]}, 8 callers, prompts and tokens`,
    against: 'one caller',
    measured: medianRatio(our, their),
    unit: '×',
    target: { atLeast: 3 },
    figures: `${perSecond(our)} / ${perSecond(their)} tokens/s`,
  };
}

async function measured(
  ours: GenerateProcess,
  theirs: GenerateProcess,
  times: number,
  figure: 'perSecond' | 'withPrompts',
): Promise<readonly [number[], number[]]> {
  const [our = [], their = []] = await inTurns(
    times,
    async () => (await ours.measure())[figure],
    async () => (await theirs.measure())[figure],
  );
  return [our, their];
}

function perSecond(figures: readonly number[]): string {
  return median(figures).toFixed(0);
}

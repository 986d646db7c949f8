import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { DevicePlace } from '../../src/adapters/onnx-native/device/device-place.ts';
import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import { decoderLayout } from '../../src/core/generation/decoder-layout.ts';
import type { Decoder, DecoderCache, DecoderStep } from '../../src/ports/decoder.ts';
import type { Session } from '../../src/ports/session.ts';
import type { OutputTensor } from '../../src/protocol/inference.ts';
import { type DecoderForm, decoderGraph } from '../fakes/decoder-graph.ts';
import { removeModels, writeModel } from './models.ts';

const sizes = { layers: 2, width: 64, hidden: 96, heads: 4, cacheHeads: 2, vocabulary: 97, positions: 200 };
const prompts = [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10, 11], Array.from({ length: 70 }, (_, index) => index)];
const many = 40;
const cacheBytes = 1e6;

// The processor stands in for a GPU, on which caches stay, as its memory does for that of the GPU.
const device = { kind: 'cpu', id: 0 } as const;

interface Opened {
  readonly place?: DevicePlace;
  /** @default true */
  readonly isDecoder?: boolean;
}

const forms: readonly (readonly [string, DecoderForm, number, Opened?])[] = [
  ['caches handed on', { attention: 'concat' }, 512],
  ['two graphs merged to one', { attention: 'concat', isMerged: true }, 512],
  ['caches and logits of 16 bits', { attention: 'concat', caches: 'FP16' }, 256],
  ['logits of all tokens', { attention: 'concat', caches: 'FP16' }, 256, { isDecoder: false }],
  ['caches written in place', { attention: 'grouped' }, 512],
  ['weights of 4 bits', { attention: 'grouped', weights: 'INT4' }, 512],
  ['two graphs merged to one, caches on a device', { attention: 'concat', isMerged: true }, 512, { place: device }],
  ['caches written in place, on a device', { attention: 'grouped' }, 512, { place: device }],
];

afterAll(removeModels);

describe.each(forms)('a decoder: %s', (_name, form, bytesPerToken, { place, isDecoder = true } = {}) => {
  let session: Session;
  let decoder: Decoder;
  let caches: DecoderCache[] = [];
  /** What greedy decoding gives for each prompt alone. */
  const alone: number[][] = [];

  const open = () => {
    const cache = decoder.open();
    caches.push(cache);
    return cache;
  };
  // As a generator does: what is short, at once.
  const run = async (steps: readonly DecoderStep[]) => decoder.runShort(steps) ?? (await decoder.run(steps));
  const next = async (cache: DecoderCache, tokens: readonly number[]) => {
    const [logits] = await run([{ cache, tokens }]);
    return likeliest(logits as Float32Array);
  };
  const goOn = async (cache: DecoderCache, tokens: readonly number[], count = many) => {
    const found = [await next(cache, tokens)];
    while (found.length < count) found.push(await next(cache, found.slice(-1)));
    return found;
  };

  beforeAll(async () => {
    const path = writeModel(decoderGraph(sizes, form));
    session = await openNativeSession(path, { intraOpThreads: 1, isDecoder }, place);
    const operators = form.attention === 'grouped' ? ['com.microsoft.GroupQueryAttention'] : [];
    const { inputs, outputs } = session;
    const layout = decoderLayout({ inputs, outputs, operators }, sizes.positions);
    decoder = (await session.openDecoder?.(layout, cacheBytes)) as Decoder;
    for (const prompt of prompts) alone.push(await goOn(decoder.open(), prompt));
  });
  afterEach(() => {
    for (const cache of caches) cache.release();
    caches = [];
  });
  afterAll(async () => {
    decoder.release();
    await session.release();
  });

  test('goes on as a run over all tokens does, without a cache', async () => {
    expect(decoder).toMatchObject({ vocabulary: 97, maxPositions: 200, mostTokens: 200 });
    for (const [index, prompt] of prompts.entries()) {
      const tokens = [...prompt];
      for (let count = 0; count < 5; count += 1) tokens.push(await withoutCache(session, tokens));
      expect(tokens.slice(prompt.length)).toEqual(alone[index]?.slice(0, 5));
    }
  });

  test('a prompt may come in pieces', async () => {
    const cache = open();
    const prompt = prompts[3] as number[];
    for (let first = 0; first < 65; first += 13) await next(cache, prompt.slice(first, first + 13));
    expect(cache.length).toBe(65);
    expect(await goOn(cache, prompt.slice(65))).toEqual(alone[3]);
    expect(cache.length).toBe(70 + many - 1);
  });

  test('sequences that come and go share runs, in any order, and each goes on as it does alone', async () => {
    const found: number[][] = prompts.map(() => []);
    const own = prompts.map(open);
    const last: number[] = [];
    for (let step = 0; found.some((tokens) => tokens.length < many); step += 1) {
      if (step % 7 === 0 && step / 7 < prompts.length) {
        const index = step / 7;
        last[index] = await next(own[index] as DecoderCache, prompts[index] as number[]);
        found[index]?.push(last[index]);
      }
      const running = prompts
        .map((_, index) => index)
        .filter((index) => last[index] !== undefined && (found[index] ?? []).length < many);
      if (step % 2 === 1) running.reverse();
      if (running.length === 0) continue;
      const steps = running.map((index) => ({ cache: own[index] as DecoderCache, tokens: [last[index] as number] }));
      const logits = await run(steps);
      for (const [place, index] of running.entries()) {
        last[index] = likeliest(logits[place] as Float32Array);
        found[index]?.push(last[index]);
        // One stays behind with what it has, beside those that go on.
        if (found[index]?.length === many && index !== 2) own[index]?.release();
      }
    }
    expect(found).toEqual(alone);
    expect(await next(own[2] as DecoderCache, alone[2]?.slice(-1) as number[])).toEqual(expect.any(Number));
  });

  test('halves of those that share runs take steps in turns, and share runs again', async () => {
    const own = prompts.map(open);
    const found: number[][] = [];
    for (const [index, cache] of own.entries()) found.push([await next(cache, prompts[index] as number[])]);
    const all = [0, 1, 2, 3];
    const halves = [all.slice(0, 2), all.slice(2)];
    for (const together of [all, all, ...halves, ...halves, ...halves, all, [0, 3], [2, 1], ...halves, all]) {
      const steps = together.map((index) => ({
        cache: own[index] as DecoderCache,
        tokens: found[index]?.slice(-1) as number[],
      }));
      const logits = await run(steps);
      for (const [place, index] of together.entries()) found[index]?.push(likeliest(logits[place] as Float32Array));
    }
    expect(found).toEqual(alone.map((tokens, index) => tokens.slice(0, found[index]?.length)));
  });

  test('how much more memory a run takes is known before', async () => {
    const own = prompts.map(open);
    const before = decoder.freeBytes;
    const check = async (indices: readonly number[], tokens = 1) => {
      const steps = indices.map((index) => ({ cache: own[index] as DecoderCache, tokens: Array(tokens).fill(3) }));
      const caches = steps.map(({ cache }) => cache);
      const growth = decoder.growth(caches, Math.max(...caches.map(({ length }) => length)) + tokens);
      const free = decoder.freeBytes;
      await run(steps);
      expect(free - decoder.freeBytes).toBe(growth);
    };
    for (const [index, prompt] of prompts.entries()) await check([index], prompt.length);
    for (const index of own.keys()) expect(decoder.growth([own[index] as DecoderCache], 90)).toBeGreaterThanOrEqual(0);
    for (const together of [[0, 1], [0, 1, 2], [3], [1, 2], [0, 3], [0, 1, 2, 3], [2], [0, 1]]) {
      for (let count = 0; count < 20; count += 1) await check(together);
    }
    own[1]?.release();
    for (let count = 0; count < 20; count += 1) await check([0, 2, 3]);
    for (const cache of own) cache.release();
    expect(decoder.freeBytes).toBe(before);
  });

  test('a fork goes on from where it was made, and so does what it was made of', async () => {
    const cache = open();
    await next(cache, prompts[3] as number[]);
    const fork = decoder.fork(cache, 30);
    caches.push(fork, decoder.fork(cache, 0));
    expect([fork.length, cache.length]).toEqual([30, 70]);
    expect(await goOn(fork, (prompts[3] as number[]).slice(30))).toEqual(alone[3]);
    expect(await goOn(cache, alone[3]?.slice(0, 1) as number[], many - 1)).toEqual(alone[3]?.slice(1));
  });

  test('a run that fails, or is ended, leaves caches as they were', async () => {
    const cache = open();
    await next(cache, [1, 2]);
    await expect(decoder.run([{ cache, tokens: [9999] }])).rejects.toMatchObject({ status: 500 });
    // Of a model as small as this one steps are short.
    expect(() => decoder.runShort([{ cache, tokens: [9999] }])).toThrow(expect.objectContaining({ status: 500 }));
    const ending = new AbortController();
    const ended = decoder.run([{ cache, tokens: prompts[3] as number[] }], ending.signal);
    ending.abort();
    await expect(ended).rejects.toMatchObject({ status: 504 });
    await expect(decoder.run([{ cache, tokens: [5] }], ending.signal)).rejects.toMatchObject({ status: 504 });
    expect(cache.length).toBe(2);
    expect(await goOn(cache, [3])).toEqual(alone[0]);
  });

  test('memory does not grow by generations', async () => {
    const long = prompts[3] as number[];
    const generate = async () => {
      const first = decoder.open();
      await next(first, long);
      const own = [first, decoder.fork(first, long.length)];
      const steps = own.map((cache) => ({ cache, tokens: [5] }));
      await run(steps);
      await run(steps);
      const fork = decoder.fork(first, long.length);
      await run([{ cache: fork, tokens: [1] }]);
      for (const cache of [...own, fork]) cache.release();
    };
    // The heap of JavaScript, with what other tests left in it, grows and shrinks as it likes.
    const native = () => {
      const { rss, heapTotal, external } = process.memoryUsage();
      return rss - heapTotal - external;
    };
    // Of five megabytes, more than what else the process does.
    const times = Math.round(5_000_000 / (long.length * bytesPerToken));
    const grown: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const before = native();
      for (let count = 0; count < times; count += 1) await generate();
      grown.push(native() - before);
    }
    // A cache that is lost each time would be all of it, in each round; what else the process does grows it now and
    // then.
    expect(Math.min(...grown)).toBeLessThan(0.7 * times * long.length * bytesPerToken);
  }, 60_000);
});

test('a session is released once runs of its decoder have ended, and takes no more', async () => {
  const session = await openNativeSession(writeModel(decoderGraph(sizes, { attention: 'concat' })), {
    intraOpThreads: 1,
  });
  const { inputs, outputs } = session;
  const decoder = (await session.openDecoder?.(decoderLayout({ inputs, outputs, operators: [] }, 200), 1e6)) as Decoder;
  const cache = decoder.open();
  const running = decoder.run([{ cache, tokens: [1, 2, 3] }]);
  const released = session.release();
  expect(await running).toHaveLength(1);
  await released;
  await expect(decoder.run([{ cache, tokens: [1] }])).rejects.toMatchObject({ status: 503 });
  cache.release();
  decoder.release();
});

test.each(forms)(
  'a decoder that was released refuses what is asked of it: %s',
  async (_name, form, _bytes, { place } = {}) => {
    const session = await openNativeSession(writeModel(decoderGraph(sizes, form)), { intraOpThreads: 1 }, place);
    const operators = form.attention === 'grouped' ? ['com.microsoft.GroupQueryAttention'] : [];
    const { inputs, outputs } = session;
    const decoder = await session.openDecoder(
      decoderLayout({ inputs, outputs, operators }, sizes.positions),
      cacheBytes,
    );
    const cache = decoder.open();
    await decoder.run([{ cache, tokens: [1, 2, 3] }]);
    const running = decoder.run([{ cache, tokens: [4] }]);
    decoder.release();
    expect(await running).toHaveLength(1);
    const refused = expect.objectContaining({ status: 503, message: 'the model was unloaded' });
    await expect(decoder.run([{ cache, tokens: [5] }])).rejects.toEqual(refused);
    expect(() => decoder.runShort([{ cache, tokens: [5] }])).toThrow(refused);
    expect(() => decoder.fork(cache, 2)).toThrow(refused);
    decoder.release();
    cache.release();
    await session.release();
  },
);

function likeliest(logits: Float32Array): number {
  return logits.reduce((best, logit, token) => (logit > (logits[best] as number) ? token : best), 0);
}

/** The likeliest token behind `tokens`, by one run over all of them. */
async function withoutCache(session: Session, tokens: readonly number[]): Promise<number> {
  const feed = session.inputs.map(({ name, datatype, shape }) => {
    if (name.startsWith('past_'))
      return {
        datatype,
        shape: shape.map((size, axis) => (axis === 0 ? 1 : Math.max(size, 0))),
        data: new Uint8Array(0),
      };
    if (datatype === 'BOOL') return { datatype, shape: [1], data: Uint8Array.of(0) };
    const values = name === 'input_ids' ? tokens : tokens.map((_, index) => (name === 'position_ids' ? index : 1));
    return { datatype, shape: [1, tokens.length], data: new Uint8Array(BigInt64Array.from(values, BigInt).buffer) };
  });
  const names = session.inputs.map(({ name }) => name);
  const outputs = await session.run({ inputs: feed as never, inputNames: names, outputNames: ['logits'] });
  const { data, datatype } = outputs[0] as OutputTensor & { data: Uint8Array };
  const logits =
    datatype === 'FP32'
      ? new Float32Array(data.buffer)
      : Float32Array.from(new Float16Array(data.buffer as ArrayBuffer));
  return likeliest(logits.subarray(-sizes.vocabulary));
}

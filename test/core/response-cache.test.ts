import { beforeEach, describe, expect, test } from '@jest/globals';
import { digestBytes } from '../../src/adapters/digest-bytes.ts';
import { CachingDataPlane } from '../../src/core/caching-data-plane.ts';
import type { InferenceContext } from '../../src/core/inference-context.ts';
import { ModelRepository } from '../../src/core/model-repository.ts';
import type { StageTimes } from '../../src/core/model-statistics.ts';
import { ModelVersion } from '../../src/core/model-version.ts';
import { ResponseCache } from '../../src/core/response-cache.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import type { InferenceRequest, InputTensor, OutputTensor } from '../../src/protocol/inference.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeSessions } from '../fakes/fake-sessions.ts';
import { defaultConfig, FakeStore } from '../fakes/fake-store.ts';
import { floatTensor } from '../fakes/float-tensor.ts';

const x = (values: readonly number[], shape = [1, values.length]): InputTensor => ({
  name: 'x',
  ...floatTensor(shape, values),
});

describe('ResponseCache', () => {
  const answer = (floats: number): OutputTensor[] => [
    { name: 'y', ...floatTensor([floats], new Array(floats).fill(1)) },
  ];

  test('keeps no more bytes than it may, and lets go of what was used longest ago', () => {
    const cache = new ResponseCache(2800, digestBytes);
    for (const key of ['a', 'b', 'c']) cache.put(key, answer(10));
    expect([cache.bytes, cache.entries]).toEqual([3 * 808, 3]);
    cache.get('a');
    cache.put('d', answer(10));
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key))).toEqual(['a', 'c', 'd']);
    cache.put('e', answer(500));
    expect([cache.bytes, cache.get('e') !== undefined]).toEqual([768 + 2000, true]);
    cache.put('f', answer(1000));
    expect([cache.bytes, cache.entries, cache.get('f')]).toEqual([768 + 2000, 1, undefined]);
  });

  test('the same key again takes no more room', () => {
    const cache = new ResponseCache(2000, digestBytes);
    cache.put('a', answer(10));
    cache.put('a', answer(20));
    expect([cache.bytes, cache.entries]).toEqual([768 + 80, 1]);
  });

  test('keeps what an output is, not the batch that it lies in', () => {
    const cache = new ResponseCache(10_000, digestBytes);
    const batch = new Uint8Array(1_000_000);
    const text = batch.subarray(0, 3);
    cache.put('a', [
      { name: 'y', datatype: 'FP32', shape: [1], data: batch.subarray(4, 8) },
      { name: 't', datatype: 'BYTES', shape: [1], data: [text] },
    ]);
    const kept = (cache.get('a') ?? []).flatMap(({ data }) => data);
    expect(kept.map((data) => data.buffer.byteLength)).toEqual([4, 4 + 3]);
  });

  test('texts lie in one piece, with their lengths, and all of it counts', () => {
    const cache = new ResponseCache(10_000, digestBytes);
    const data = ['ab', '', 'é'].map((text) => new TextEncoder().encode(text));
    const label = { name: 'label', datatype: 'BYTES', shape: [3], data, parameters: { binary_data_size: 18 } } as const;
    cache.put('a', [label, ...answer(1)]);
    expect(cache.get('a')).toEqual([label, ...answer(1)]);
    const texts = (cache.get('a')?.[0]?.data ?? []) as readonly Uint8Array[];
    expect(new Set(texts.map(({ buffer }) => buffer)).size).toBe(1);
    expect(cache.bytes).toBe(256 + (512 + 3 * 4 + 4) + (512 + 4));
  });

  const one = new ModelVersion('m', 1, defaultConfig);
  const text = (...data: string[]): InputTensor => ({
    name: 'x',
    datatype: 'BYTES',
    shape: [2],
    data: data.map((each) => new TextEncoder().encode(each)),
  });
  const asked = (inputs: InputTensor[], outputs?: InferenceRequest['outputs']): InferenceRequest => ({
    parameters: {},
    inputs,
    ...(outputs && { outputs }),
  });

  test('keys tell apart whatever an answer may depend on, and nothing else', () => {
    const cache = new ResponseCache(2000, digestBytes);
    const other = new ModelVersion('m', 1, defaultConfig);
    const again = new ModelVersion('m', 1, defaultConfig);
    again.loads = 1;
    const y = { name: 'y', parameters: {} };
    const classes = { name: 'y', parameters: { classification: 2 } };
    const keys = [
      cache.keyOf(one, asked([x([1, 2])])),
      cache.keyOf(other, asked([x([1, 2])])),
      cache.keyOf(again, asked([x([1, 2])])),
      cache.keyOf(one, asked([x([1, 3])])),
      cache.keyOf(one, asked([x([1, 2], [2, 1])])),
      cache.keyOf(one, asked([{ ...x([1, 2]), name: 'z' }])),
      cache.keyOf(one, asked([{ name: 'x', ...floatTensor([1, 2], [1, 2]), datatype: 'INT32' }])),
      cache.keyOf(one, asked([x([1, 2])], [])),
      cache.keyOf(one, asked([x([1, 2])], [y])),
      cache.keyOf(one, asked([x([1, 2])], [classes])),
      cache.keyOf(one, asked([text('ab', 'c')])),
      cache.keyOf(one, asked([text('a', 'bc')])),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    const named = { ...asked([x([1, 2])], [{ name: 'y', parameters: { binary_data: true } }]), id: 'i' };
    expect(cache.keyOf(one, named)).toBe(cache.keyOf(one, asked([x([1, 2])], [y])));
  });
});

describe('CachingDataPlane', () => {
  let store: FakeStore;
  let sessions: FakeSessions;
  let dataPlane: CachingDataPlane;
  let clock: FakeClock;
  let times: StageTimes;
  const infer = (request: Partial<InferenceRequest>, more: Partial<InferenceContext> = {}) => {
    times = { inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 };
    return dataPlane.infer(
      dataPlane.repository.resolve('m'),
      { parameters: {}, inputs: [x([1, 2])], ...request },
      {
        times,
        signal: () => new AbortController().signal,
        checkDeadline: () => undefined,
        checkOutput: () => undefined,
        ...more,
      },
    );
  };
  const runs = (work: () => Promise<unknown>) => {
    const before = sessions.runs;
    return work().then(() => sessions.runs - before);
  };

  beforeEach(async () => {
    store = new FakeStore();
    store.add('m', [1], { config: { responseCache: true } });
    sessions = new FakeSessions();
    clock = new FakeClock();
    const cache = new SessionCache(store, sessions.open, clock, { maxBytes: 10_000, intraOpThreads: 1 });
    const parts = [new ModelRepository(store, cache), cache, new RunQueue(1, 10), clock] as const;
    dataPlane = new CachingDataPlane(new ResponseCache(10_000, digestBytes), ...parts);
    await dataPlane.repository.refresh();
  });

  test('answers the same again without a run, with the id of who asks now', async () => {
    const first = await infer({ id: 'a' });
    expect(times.cache).toEqual({ isHit: false, ms: 0 });
    expect(await runs(() => infer({ id: 'b' }))).toBe(0);
    expect(times.cache).toEqual({ isHit: true, ms: 0 });
    expect(await infer({ id: 'b' })).toEqual({ ...first, id: 'b' });
    expect(await infer({})).not.toHaveProperty('id');
    expect(await runs(() => infer({ inputs: [x([1, 3])] }))).toBe(1);
  });

  test('does so for models alone whose settings want it', async () => {
    store.add('m', [1], { config: { responseCache: false } });
    await dataPlane.repository.refresh();
    expect(await runs(async () => [await infer({}), await infer({})])).toBe(2);
    expect([times.cache, dataPlane.responseCache.entries]).toEqual([undefined, 0]);
  });

  test('keeps no failure', async () => {
    const wrong = { inputs: [x([1, 2, 3])] };
    for (let time = 0; time < 2; time += 1) await expect(infer(wrong)).rejects.toMatchObject({ status: 400 });
    expect(dataPlane.responseCache.entries).toBe(0);
  });

  test('an answer that cannot be given in the form that is asked for is refused, kept or not', async () => {
    await infer({});
    const checkOutput = ({ name }: { name: string }) => {
      throw new ServiceError(400, `output '${name}' is not for JSON`);
    };
    await expect(infer({}, { checkOutput })).rejects.toMatchObject({ message: "output 'y' is not for JSON" });
  });

  test('a model that was loaded anew is asked anew, also where its version is the same', async () => {
    await infer({});
    await dataPlane.repository.unload('m');
    await dataPlane.repository.load('m');
    expect(await runs(() => infer({}))).toBe(1);
    expect(await runs(() => infer({}))).toBe(0);
  });

  test('counts as Triton does: hits are successes and no inferences', async () => {
    const { statistics } = dataPlane.repository.resolve('m');
    statistics.succeeded(
      { inputMs: 1, loadMs: 0, queueMs: 2, inferMs: 3, outputMs: 4, cache: { isHit: false, ms: 5 } },
      2,
    );
    statistics.succeeded(
      { inputMs: 1, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 4, cache: { isHit: true, ms: 6 } },
      2,
    );
    expect(statistics.toJSON()).toMatchObject({
      inference_count: 2,
      inference_stats: {
        success: { count: 2, ns: 26e6 },
        queue: { count: 2, ns: 2e6 },
        compute_input: { count: 1, ns: 1e6 },
        compute_infer: { count: 1, ns: 3e6 },
        compute_output: { count: 1, ns: 4e6 },
        cache_hit: { count: 1, ns: 6e6 },
        cache_miss: { count: 1, ns: 5e6 },
      },
    });
  });
});

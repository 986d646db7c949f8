import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import { DataPlane } from '../../src/core/data-plane.ts';
import { ModelRepository } from '../../src/core/model-repository.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import type { ModelConfig } from '../../src/ports/model-store.ts';
import type { OpenSession, Run, Session } from '../../src/ports/session.ts';
import type { Parameters } from '../../src/protocol/inference.ts';
import type { FixedTensor, HeldData, Tensor } from '../../src/protocol/tensor.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { defaultConfig, FakeStore } from '../fakes/fake-store.ts';
import { floatTensor } from '../fakes/float-tensor.ts';
import type { OnnxGraph } from '../fakes/onnx-builder.ts';
import { addModel, divideModel, identityModel, removeModels, slowModel, writeModel, zipMapModel } from './models.ts';

// No GPU is here: the processor stands in for one, and its memory for that of the device. What differs on CUDA is the
// memory's name.
const place = { kind: 'cpu', id: 0 } as const;
const options = { intraOpThreads: 1 };
const onDevice = (graph: OnnxGraph) => openNativeSession(writeModel(graph), options, place);

const numbers = (tensor: Tensor | undefined) => [...new Float32Array((tensor as FixedTensor).data.slice().buffer)];
const run = (inputs: Record<string, Tensor>, outputs: Record<string, boolean>): Run => ({
  inputNames: Object.keys(inputs),
  inputs: Object.values(inputs),
  outputNames: Object.keys(outputs),
  stays: Object.values(outputs),
});
const x = floatTensor([2, 2], [1, 2, 3, 4]);

afterAll(removeModels);

describe('a run on a device', () => {
  let add: Session;
  beforeEach(async () => {
    add = await onDevice(addModel());
  });

  test.each(['run', 'runSync'] as const)(
    'leaves there what is to stay, for other sessions and for whoever reads it: %s',
    async (call) => {
      const [sum, difference] = (await add[call]?.(run({ a: x, b: x }, { sum: true, difference: false }))) ?? [];
      expect([add.device, sum?.held?.device, sum?.held?.bytes]).toEqual(['cpu:0', 'cpu:0', 16]);
      expect(difference).toEqual(floatTensor([2, 2], [0, 0, 0, 0]));
      const other = await onDevice(addModel());
      const given = { a: sum as Tensor, b: x };
      const [on] = (await other[call]?.(run(given, { sum: false }))) ?? [];
      expect(on).toEqual(floatTensor([2, 2], [3, 6, 9, 12]));
      expect(sum?.shape).toEqual([2, 2]);
      expect(numbers(sum)).toEqual([2, 4, 6, 8]);
      // A session that has no device, as one on the processor beside a GPU, is given what is read.
      const plain = await openNativeSession(writeModel(addModel()), options);
      expect(await plain.run(run(given, { sum: true }))).toEqual([floatTensor([2, 2], [3, 6, 9, 12])]);
      sum?.held?.release();
      sum?.held?.release();
      await expect(other.run(run(given, { sum: false }))).rejects.toMatchObject({ status: 500 });
      for (const session of [add, other, plain]) await session.release();
    },
  );

  test('gives an output that is asked for twice', async () => {
    const twice = { ...run({ a: x, b: x }, { sum: true }), outputNames: ['sum', 'sum'], stays: [true, true] };
    const outputs = await add.run(twice);
    expect(outputs.map(numbers)).toEqual([
      [2, 4, 6, 8],
      [2, 4, 6, 8],
    ]);
    outputs[0]?.held?.release();
  });

  test('gives texts, and what is no tensor, as it does else', async () => {
    const texts = await onDevice(identityModel('BYTES'));
    const words = ['a', 'b'].map((word) => new Uint8Array(Buffer.from(word)));
    const tensor = { datatype: 'BYTES', shape: [2], data: words } as const;
    expect(await texts.run(run({ x: tensor }, { y: true }))).toEqual([tensor]);
    const maps = await onDevice(zipMapModel(['no', 'yes']));
    const scores = floatTensor([1, 2], [0.25, 0.75]);
    const [found] = await maps.run(run({ scores }, { probabilities: true }));
    expect(found).toMatchObject({ keys: ['no', 'yes'], shape: [1, 2] });
    expect(found?.held).toBeUndefined();
  });

  test('that fails or is ended tells as others do', async () => {
    const divide = await onDevice(divideModel());
    const bad = { a: floatTensor([2], [1, 2]), b: floatTensor([3], [1, 2, 3]) };
    await expect(divide.run(run(bad, { y: true }))).rejects.toMatchObject({ status: 500 });
    await expect(add.run(run({ a: x, b: floatTensor([4], [1, 2, 3, 4]) }, { sum: true }))).rejects.toMatchObject({
      status: 400,
    });
    const slow = await onDevice(slowModel());
    const ending = new AbortController();
    const rows = floatTensor([640, 640], new Array(640 * 640).fill(1));
    const ended = slow.run(run({ x: rows }, { y: true }), ending.signal);
    setImmediate(() => ending.abort());
    await expect(ended).rejects.toMatchObject({ status: 504 });
  });

  test('takes no memory beyond what is held', async () => {
    const large = floatTensor([25_000, 2], new Array(50_000).fill(1));
    const again = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const [sum] = await add.run(run({ a: large, b: large }, { sum: true }));
        const [on] = await add.run(run({ a: sum as Tensor, b: large }, { difference: true }));
        for (const tensor of [sum, on]) tensor?.held?.release();
      }
    };
    const native = () => process.memoryUsage().rss - process.memoryUsage().heapTotal;
    await again(100);
    const before = native();
    await again(1000);
    expect(native() - before).toBeLessThan(0.3 * 2 * 1000 * 200_000);
  });
});

describe('between runs, the memory of the device has', () => {
  let store: FakeStore;
  let dataPlane: DataPlane;
  /** What was left on the device. */
  let held: HeldData[];
  let runs: Run[];
  /** Runs have ended, and what they gave waits for this where a test sets it. */
  let gate: Promise<unknown>;
  const paths = new Map<string, string>();

  const open: OpenSession = async (path) => {
    const session = await openNativeSession(paths.get(path.split('/')[1] as string) as string, options, place);
    const plain = session.run.bind(session);
    jest.spyOn(session, 'run').mockImplementation(async (given, signal) => {
      runs.push(given);
      const outputs = await plain(given, signal);
      for (const { held: data } of outputs) {
        if (!data) continue;
        held.push(data);
        jest.spyOn(data, 'release');
      }
      await gate;
      return outputs;
    });
    // Each run goes by `run`, which is looked at.
    Object.assign(session, { runSync: undefined });
    return session;
  };

  async function serve(name: string, config: Partial<ModelConfig> = {}): Promise<void> {
    store.add(name, [1], { config });
    await dataPlane.repository.refresh();
    held = [];
    runs = [];
  }

  async function ask(
    name: string,
    values: readonly number[],
    parameters: Parameters = {},
    { signal } = new AbortController(),
  ): Promise<number[]> {
    const times = { inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 };
    const context = { times, signal: () => signal, checkDeadline: () => undefined, checkOutput: () => undefined };
    const inputs = [{ name: 'x', ...floatTensor([values.length / 2, 2], values) }];
    const version = dataPlane.repository.resolve(name);
    const { outputs } = await dataPlane.infer(version, { inputs, parameters }, context);
    return numbers(outputs[0]);
  }

  const released = () => held.map((data) => jest.mocked(data.release).mock.calls.length > 0);

  beforeEach(async () => {
    store = new FakeStore();
    const clock = new FakeClock();
    const cache = new SessionCache(store, open, clock, { maxBytes: 1e6, intraOpThreads: 1 });
    dataPlane = new DataPlane(new ModelRepository(store, cache), cache, new RunQueue(2, 10), clock);
    [held, runs, gate] = [[], [], Promise.resolve()];
    paths.set('add', writeModel(addModel()));
    await serve('add');
  });

  const ensemble = {
    inputs: ['x'],
    outputs: ['out', 'zero'],
    steps: [
      { model: 'add', inputs: { a: 'x', b: 'x' }, outputs: { sum: 'twice', difference: 'zero' } },
      { model: 'add', inputs: { a: 'twice', b: 'x' }, outputs: { sum: 'thrice' } },
      { model: 'add', inputs: { a: 'twice', b: 'thrice' }, outputs: { sum: 'out' } },
    ],
  };

  test('tensors that go from step to step of an ensemble, until the last that takes them has ended', async () => {
    await serve('e', { ensemble });
    expect(await ask('e', [1, 2])).toEqual([5, 10]);
    expect(runs.map(({ stays }) => stays)).toEqual([[true, false], [true], [false]]);
    expect(runs[2]?.inputs.map((input) => input.held)).toEqual(held);
    expect(released()).toEqual([true, true]);
  });

  test('nothing that requests which share a run have; each is answered as it is alone', async () => {
    await serve('add', { batching: { ...defaultConfig.batching, maxBatchSize: 8 } });
    await serve('e', { ensemble });
    const all = await Promise.all([1, 2, 3, 4].map((value) => ask('e', [value, 2 * value])));
    expect(all).toEqual([1, 2, 3, 4].map((value) => [5 * value, 10 * value]));
    expect(runs.some(({ inputs }) => (inputs[0]?.shape[0] ?? 0) > 1)).toBe(true);
    expect(released()).not.toContain(false);
  });

  test('nothing of an ensemble whose step failed', async () => {
    await serve('e', { ensemble });
    const plain = dataPlane.infer.bind(dataPlane);
    let count = 0;
    dataPlane.infer = async (...request) => {
      count += 1;
      if (count === 3) throw new Error('failed');
      return plain(...request);
    };
    await expect(ask('e', [1, 2])).rejects.toThrow('failed');
    expect(released()).toEqual([true]);
  });

  test('nothing of a run whose caller left before it had ended', async () => {
    await serve('e', { ensemble });
    const opened = Promise.withResolvers<void>();
    gate = opened.promise;
    const leaving = new AbortController();
    const left = ask('e', [1, 2], {}, leaving);
    while (held.length === 0) await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    await expect(left).rejects.toMatchObject({ status: 504 });
    expect(released()).toEqual([false]);
    opened.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(released()).toEqual([true]);
  });

  test('the state of a sequence, from request to request, until it ends', async () => {
    // sum = x + s, difference = x - s.
    paths.set(
      'm',
      writeModel({
        inputs: ['x', 's'].map((name) => ({ name, datatype: 'FP32', shape: ['n', 2] })),
        outputs: ['y', 'next'].map((name) => ({ name, datatype: 'FP32', shape: ['n', 2] })),
        nodes: [
          { op: 'Add', inputs: ['x', 's'], outputs: ['y'] },
          { op: 'Identity', inputs: ['y'], outputs: ['next'] },
        ],
      }),
    );
    const state = [{ input: 's', output: 'next' }];
    await serve('m', { sequence: { state, idleTimeoutMs: 60_000, maxSequences: 2, maxBytes: 1000 } });
    expect(await ask('m', [1, 2], { sequence_id: 1, sequence_start: true })).toEqual([1, 2]);
    expect(await ask('m', [1, 2], { sequence_id: 1 })).toEqual([2, 4]);
    expect(released()).toEqual([true, false]);
    expect(runs[1]?.inputs[1]?.held).toBe(held[0]);
    expect(await ask('m', [1, 2], { sequence_id: 1, sequence_end: true })).toEqual([3, 6]);
    expect(released()).toEqual([true, true, true]);
  });
});

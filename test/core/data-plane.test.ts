import { beforeEach, describe, expect, test } from '@jest/globals';
import { classify } from '../../src/core/classify.ts';
import { DataPlane } from '../../src/core/data-plane.ts';
import type { InferenceContext } from '../../src/core/inference-context.ts';
import { ModelRepository } from '../../src/core/model-repository.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import type { InferenceRequest, InputTensor } from '../../src/protocol/inference.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { FakeSessions } from '../fakes/fake-sessions.ts';
import { FakeStore } from '../fakes/fake-store.ts';
import { floatTensor } from '../fakes/float-tensor.ts';

describe('DataPlane', () => {
  let store: FakeStore;
  let sessions: FakeSessions;
  let dataPlane: DataPlane;
  const x: InputTensor = { name: 'x', ...floatTensor([2, 2], [1, 4, 3, 2]) };
  const times = () => ({ inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 });
  const context = (signal: AbortSignal): InferenceContext => ({
    times: times(),
    signal: () => signal,
    checkDeadline: () => undefined,
    checkOutput: () => undefined,
  });
  const infer = (request: Partial<InferenceRequest>, signal = new AbortController().signal) =>
    dataPlane.infer(dataPlane.repository.resolve('m'), { parameters: {}, inputs: [x], ...request }, context(signal));

  beforeEach(async () => {
    store = new FakeStore();
    store.add('m');
    sessions = new FakeSessions();
    const clock = new FakeClock();
    const cache = new SessionCache(store, sessions.open, clock, { maxBytes: 10_000, intraOpThreads: 1 });
    dataPlane = new DataPlane(new ModelRepository(store, cache), cache, new RunQueue(1, 10), clock);
    await dataPlane.repository.refresh();
  });

  test('answers with the version and the id', async () => {
    const answer = await infer({ id: 'seven' });
    expect(answer).toMatchObject({
      modelName: 'm',
      modelVersion: '1',
      id: 'seven',
      outputs: [{ name: 'y', shape: [2, 2] }],
    });
  });

  const cases: [string, Partial<InferenceRequest>, string][] = [
    [
      'an unknown input',
      { inputs: [{ ...x, name: 'w' }] },
      "the model has no input 'w'; its inputs are 'x' (FP32 [-1,2])",
    ],
    ['a missing input', { inputs: [] }, "missing input: the model also takes 'x' (FP32 [-1,2])"],
    ['a wrong datatype', { inputs: [{ ...x, datatype: 'INT32' }] }, "input 'x': expected datatype FP32, got INT32"],
    [
      'a wrong shape',
      { inputs: [{ ...x, shape: [4, 1] }] },
      "input 'x': expected shape [-1,2] (-1: any size), got [4,1]",
    ],
    ['a wrong rank', { inputs: [{ ...x, shape: [4] }] }, "input 'x': expected shape [-1,2] (-1: any size), got [4]"],
    [
      'an unknown output',
      { outputs: [{ name: 'q', parameters: {} }] },
      "the model has no output 'q'; its outputs are 'y'",
    ],
    [
      'an output that is no tensor',
      { outputs: [{ name: 'z', parameters: {} }] },
      "output 'z' cannot be answered: it is a sequence of tensors; ask for the others only: 'y'",
    ],
    [
      'a classification that is none',
      { outputs: [{ name: 'y', parameters: { classification: 1.5 } }] },
      "output 'y', parameter 'classification': expected a number of classes, got 1.5",
    ],
  ];
  test.each(cases)('%s is refused', async (_case, request, message) => {
    await expect(infer(request)).rejects.toMatchObject({ status: 400, message });
  });

  test('a classification gives the best classes of each row, with labels where there are any', async () => {
    const outputs = [{ name: 'y', parameters: { classification: 1 } }];
    const text = (data: readonly Uint8Array[]) => data.map((element) => new TextDecoder().decode(element));
    const answer = await infer({ outputs });
    expect(answer.outputs[0]).toMatchObject({ datatype: 'BYTES', shape: [2, 1] });
    expect(text(answer.outputs[0]?.data as Uint8Array[])).toEqual(['4:1', '3:0']);

    store.texts['labels.txt'] = 'no\nyes\n';
    store.add('m', [1], { config: { labels: { y: 'labels.txt' } } });
    await dataPlane.repository.refresh();
    const labelled = await infer({ outputs });
    expect(text(labelled.outputs[0]?.data as Uint8Array[])).toEqual(['4:1:yes', '3:0:no']);
  });

  test('a classification writes FP32 with the digits it has, and the other kinds of number as they are', () => {
    const text = (tensor: Tensor) => classify('y', tensor, 2, undefined).data.map((each) => String(Buffer.from(each)));
    expect(text(floatTensor([2], [0.9847031, Number.POSITIVE_INFINITY]))).toEqual(['Infinity:1', '0.9847031:0']);
    const doubles = new Uint8Array(Float64Array.of(0.1, 0.9847031235694885).buffer);
    expect(text({ datatype: 'FP64', shape: [2], data: doubles })).toEqual(['0.9847031235694885:1', '0.1:0']);
    const longs = new Uint8Array(BigInt64Array.of(2n ** 63n - 1n, 1n).buffer);
    expect(text({ datatype: 'INT64', shape: [2], data: longs })).toEqual(['9223372036854775807:0', '1:1']);
  });

  test('a request whose caller left is dropped before it runs', async () => {
    const before = sessions.runs;
    const gone = new AbortController();
    gone.abort();
    await expect(infer({}, gone.signal)).rejects.toMatchObject({ status: 504 });
    expect(sessions.runs).toBe(before);
  });

  test('a run under way ends when its caller leaves', async () => {
    sessions.gate = new Promise(() => undefined);
    const leaving = new AbortController();
    const answer = infer({}, leaving.signal);
    setTimeout(() => leaving.abort(), 5);
    await expect(answer).rejects.toMatchObject({ status: 504 });
  });

  test('what its signal says is what the caller of an ended request gets, waiting for a load or for a run', async () => {
    const reason = new ServiceError(504, 'the deadline of 5 ms passed');
    const end = (ending: AbortController) => setTimeout(() => ending.abort(reason), 5);
    sessions.gate = new Promise(() => undefined);
    const running = new AbortController();
    end(running);
    await expect(infer({}, running.signal)).rejects.toBe(reason);

    store.add('later', [1], { config: { load: 'first-use' } });
    await dataPlane.repository.refresh();
    const later = dataPlane.repository.resolve('later');
    const loading = new AbortController();
    const waiting = dataPlane.infer(later, { parameters: {}, inputs: [x] }, context(loading.signal));
    end(loading);
    await expect(waiting).rejects.toBe(reason);
    expect(later.state).toBe('LOADING');

    const leaving = new AbortController();
    const left = dataPlane.infer(later, { parameters: {}, inputs: [x] }, context(leaving.signal));
    setTimeout(() => leaving.abort(), 5);
    await expect(left).rejects.toMatchObject({ status: 504, message: expect.stringContaining('its caller left') });
  });
});

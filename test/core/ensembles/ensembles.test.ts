import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { DataPlane } from '../../../src/core/data-plane.ts';
import { modelConfig } from '../../../src/core/model-config.ts';
import { modelMetadata } from '../../../src/core/model-metadata.ts';
import { ModelRepository } from '../../../src/core/model-repository.ts';
import { RunQueue } from '../../../src/core/run-queue.ts';
import { SessionCache } from '../../../src/core/session-cache.ts';
import type { EnsembleConfig } from '../../../src/ports/model-store.ts';
import type { OpenRemoteModel } from '../../../src/ports/open-remote-model.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeStore } from '../../fakes/fake-store.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';
import { NamedSessions, type Numbers } from '../../fakes/named-sessions.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

let store: FakeStore;
let sessions: NamedSessions;
let repository: ModelRepository;
let dataPlane: DataPlane;

const twice = (values: Numbers | undefined) => (values ?? []).map((value) => 2 * value);
const plus = (values: Numbers | undefined, others: Numbers | undefined) =>
  (values ?? []).map((value, index) => value + (others?.[index] ?? 0));

/** both = 2x + (x + 1), by three models: two beside one another, and one after them. */
const diamond: EnsembleConfig = {
  inputs: ['x'],
  outputs: ['both'],
  steps: [
    { model: 'add', inputs: { a: 'doubled', b: 'next' }, outputs: { sum: 'both' } },
    { model: 'double', inputs: { x: 'x' }, outputs: { y: 'doubled' } },
    { model: 'increase', inputs: { x: 'x' }, outputs: { y: 'next' } },
  ],
};

async function infer(
  name: string,
  values: Numbers,
  { signal = new AbortController().signal, outputs = [''], parameters = {} } = {},
) {
  const times = { inputMs: 0, loadMs: 0, queueMs: 0, inferMs: 0, outputMs: 0 };
  const context = { times, signal: () => signal, checkDeadline: () => undefined, checkOutput: () => undefined };
  const request = {
    parameters,
    inputs: [{ name: 'x', ...floatTensor([values.length / 2, 2], values) }],
    ...(outputs[0] && { outputs: outputs.map((output) => ({ name: output, parameters: {} })) }),
  };
  const answer = await dataPlane.infer(repository.resolve(name), request, context);
  const numbers = ({ data }: FixedTensor) => [...new Float32Array(data.slice().buffer)];
  return Object.fromEntries(answer.outputs.map((output) => [output.name, numbers(output as FixedTensor)]));
}

async function serve(name: string, ensemble: EnsembleConfig): Promise<void> {
  store.add(name, [1], { config: { ensemble } });
  await repository.refresh();
  sessions.isWarm = true;
}

function build(runs: number, openRemoteModel?: OpenRemoteModel): void {
  const clock = new FakeClock();
  const cache = new SessionCache(store, sessions.open, clock, { maxBytes: 10_000, intraOpThreads: 1 });
  repository = new ModelRepository(store, cache);
  dataPlane = new DataPlane(repository, cache, new RunQueue(runs, 10), clock, { openRemoteModel });
}

function statistics(name: string): readonly number[] {
  const { inference_stats, execution_count } = repository.resolve(name).statistics.toJSON();
  return [inference_stats.success.count, inference_stats.fail.count, execution_count];
}

beforeEach(async () => {
  store = new FakeStore();
  sessions = new NamedSessions();
  build(1);
  sessions.define('double', ['x'], ['y'], async ({ x }) => ({ y: twice(x) }));
  sessions.define('increase', ['x'], ['y'], async ({ x }) => ({ y: plus(x, [1, 1, 1, 1]) }));
  sessions.define('add', ['a', 'b'], ['sum'], async ({ a, b }) => ({ sum: plus(a, b) }));
  for (const name of ['double', 'increase', 'add']) store.add(name);
});

describe('an ensemble', () => {
  test('pipes tensors between its models, though the server runs one at a time', async () => {
    await serve('e', diamond);
    expect(repository.whyNotReady()).toBe('');
    expect(await infer('e', [1, 2])).toEqual({ both: [4, 7] });
    expect(sessions.began).toEqual(['double', 'increase', 'add']);
    expect(['e', 'add', 'double', 'increase'].map(statistics)).toEqual([
      [0, 0, 1],
      [1, 0, 1],
      [1, 0, 1],
      [1, 0, 1],
    ]);
  });

  test('has metadata and a configuration that are derived from its models', async () => {
    const fixed: TensorSpec = { name: 'x', datatype: 'FP32', shape: [4, -1] };
    sessions.define('double', [fixed], ['y'], async ({ x }) => ({ y: twice(x) }));
    await serve('e', { ...diamond, outputs: ['both', 'next'] });
    expect(await modelMetadata(dataPlane, 'e')).toMatchObject({
      platform: 'ensemble',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [4, 2] }],
      outputs: [
        { name: 'both', datatype: 'FP32', shape: [-1, 2] },
        { name: 'next', datatype: 'FP32', shape: [-1, 2] },
      ],
      parameters: { batching: "off: it is an ensemble, whose steps' models share runs each" },
    });
    const version = repository.resolve('e');
    expect(modelConfig(version, await dataPlane.signature(version))).toMatchObject({
      platform: 'ensemble',
      ensemble_scheduling: {
        step: [
          { model_name: 'add', model_version: -1, input_map: { a: 'doubled', b: 'next' }, output_map: { sum: 'both' } },
          { model_name: 'double' },
          { model_name: 'increase' },
        ],
      },
    });
  });

  test('runs only the steps that the outputs asked for need', async () => {
    await serve('e', { ...diamond, outputs: ['both', 'next'] });
    expect(await infer('e', [1, 2], { outputs: ['next'] })).toEqual({ next: [2, 3] });
    expect(sessions.began).toEqual(['increase']);
  });

  test('may be made of ensembles', async () => {
    store.add('e', [1], { config: { ensemble: diamond } });
    await serve('a', {
      inputs: ['x'],
      outputs: ['out'],
      steps: [
        { model: 'e', inputs: { x: 'x' }, outputs: { both: 'inner' } },
        { model: 'double', inputs: { x: 'inner' }, outputs: { y: 'out' } },
      ],
    });
    expect(await infer('a', [1, 2])).toEqual({ out: [8, 14] });
  });

  test("asks its models with the priority of its caller's request, by the levels of each", async () => {
    store.add('e', [1], { config: { ensemble: diamond } });
    await serve('outer', {
      inputs: ['x'],
      outputs: ['out'],
      steps: [{ model: 'e', inputs: { x: 'x' }, outputs: { both: 'out' } }],
    });
    const asked: string[] = [];
    const plain = dataPlane.infer.bind(dataPlane);
    dataPlane.infer = (version, request, context) => {
      asked.push(`${version.name} ${request.parameters.priority}`);
      return plain(version, request, context);
    };
    await infer('outer', [1, 2], { parameters: { priority: 2 } });
    expect(asked).toEqual(['outer 2', 'e 2', 'double 2', 'increase 2', 'add 2']);
    await infer('e', [1, 2]);
    expect(asked.slice(5)).toEqual(['e undefined', 'double undefined', 'increase undefined', 'add undefined']);
    await expect(infer('e', [1, 2], { parameters: { priority: 'high' } })).rejects.toMatchObject({ status: 400 });
  });

  test('gives labels of classes as its models do', async () => {
    store.texts['labels.txt'] = 'no\nyes\n';
    store.add('add', [1], { config: { labels: { sum: 'labels.txt' } } });
    await serve('e', diamond);
    expect(repository.resolve('e').signature?.labels).toEqual(new Map([['both', ['no', 'yes']]]));
  });

  test('runs steps that do not need one another side by side', async () => {
    build(2);
    let both = 0;
    const meet = Promise.withResolvers<void>();
    const wait = async (x: Numbers | undefined) => {
      both += 1;
      if (both === 2) meet.resolve();
      await meet.promise;
      return { y: x ?? [] };
    };
    sessions.define('double', ['x'], ['y'], ({ x }) => wait(x));
    sessions.define('increase', ['x'], ['y'], ({ x }) => wait(x));
    await serve('e', diamond);
    expect(await infer('e', [1, 2])).toEqual({ both: [2, 4] });
  });

  test('lets go of a tensor once nobody needs it', async () => {
    await serve('e', {
      inputs: ['x'],
      outputs: ['out'],
      steps: [
        { model: 'double', inputs: { x: 'x' }, outputs: { y: 'a' } },
        { model: 'increase', inputs: { x: 'a' }, outputs: { y: 'b' } },
        { model: 'double', inputs: { x: 'b' }, outputs: { y: 'out' } },
      ],
    });
    const tensors: WeakRef<object>[] = [];
    const areGone: boolean[] = [];
    const plain = dataPlane.infer.bind(dataPlane);
    dataPlane.infer = async (version, request, context) => {
      const answer = await plain(version, request, context);
      await new Promise((resolve) => setImmediate(resolve));
      // All that other tests left is looked through, too: only where there is one that may be gone.
      if (tensors.length > 1) collectGarbage();
      areGone.push(tensors.length > 1 && tensors.at(-2)?.deref() === undefined);
      if (version.name !== 'e') tensors.push(new WeakRef(answer.outputs[0]?.data as object));
      return answer;
    };
    expect(await infer('e', [1, 2])).toEqual({ out: [6, 10] });
    // When the third step has run the first one's tensor is gone, and when all has, the second one's.
    expect(areGone).toEqual([false, false, true, true]);
  });
});

describe('what becomes of an ensemble whose step fails', () => {
  test('is that failure, with the name of the step; the others end', async () => {
    build(2);
    let wasEnded = false;
    const began = Promise.withResolvers<void>();
    sessions.define('double', ['x'], ['y'], async () => {
      await began.promise;
      throw new ServiceError(400, 'the model takes no 7');
    });
    sessions.define('increase', ['x'], ['y'], (_inputs, signal) => {
      began.resolve();
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => {
          wasEnded = true;
          reject(new ServiceError(504, 'the run was ended'));
        });
      });
    });
    await serve('e', diamond);
    await expect(infer('e', [7, 7])).rejects.toMatchObject({
      status: 400,
      message: "step 2 ('double') of model 'e': the model takes no 7",
    });
    expect(wasEnded).toBe(true);
    expect(sessions.began).toEqual(['double', 'increase']);
    expect([statistics('double'), statistics('add')]).toEqual([
      [0, 1, 0],
      [0, 0, 0],
    ]);
  });

  test('is what its deadline says, where that ended it, and no later step begins', async () => {
    const ending = new AbortController();
    const reason = new ServiceError(504, 'the deadline of 5 ms passed');
    sessions.define('double', ['x'], ['y'], (_inputs, signal) => {
      return new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new ServiceError(504, 'the run was ended')));
        setImmediate(() => ending.abort(reason));
      });
    });
    await serve('e', diamond);
    await expect(infer('e', [1, 2], { signal: ending.signal })).rejects.toBe(reason);
    expect(sessions.began).toEqual(['double']);
  });

  test('is 503 where its model was unloaded', async () => {
    await serve('e', diamond);
    await repository.unload('double');
    await expect(infer('e', [1, 2])).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining("step 2 ('double') of model 'e': model 'double' is unloaded"),
    });
  });
});

describe('the readiness of an ensemble', () => {
  test('is that of its models', async () => {
    await serve('e', diamond);
    expect(repository.whyModelNotReady('e')).toBeUndefined();
    await repository.unload('increase');
    const reason = "step 3 ('increase') of model 'e': model 'increase' is unloaded";
    expect(repository.whyModelNotReady('e')).toContain(reason);
    expect(repository.index().find(({ name }) => name === 'e')).toMatchObject({
      state: 'UNAVAILABLE',
      ready: false,
      reason: expect.stringContaining(reason),
    });
    await repository.load('increase');
    expect(repository.whyModelNotReady('e')).toBeUndefined();
    expect(await infer('e', [1, 2])).toEqual({ both: [4, 7] });
  });

  test('comes when a model that it lacked does', async () => {
    store.models.delete('add');
    await serve('e', diamond);
    expect(repository.whyModelNotReady('e')).toContain("step 1 ('add'): there is no model 'add'");
    store.add('add');
    await repository.load('add');
    expect(repository.whyModelNotReady('e')).toBeUndefined();
  });

  test('is checked anew when a model has a new version, and its own last form stays where that does not fit', async () => {
    await serve('e', diamond);
    const before = repository.resolve('e');
    store.add('add', [1, 2]);
    await repository.refresh();
    const after = repository.resolve('e');
    expect(after).not.toBe(before);
    sessions.define('add', ['a', 'b', 'c'], ['sum'], async ({ a }) => ({ sum: a ?? [] }));
    store.add('add', [1, 2, 3]);
    await repository.refresh();
    expect(repository.resolve('e')).toBe(after);
    expect(repository.problems()).toEqual([
      {
        model: 'e',
        problem: expect.stringContaining("step 1 ('add'): its model also takes 'c'; name a tensor for it"),
      },
    ]);
    expect(await infer('e', [1, 2])).toEqual({ both: [4, 7] });
    expect(repository.whyModelNotReady('e')).toBeUndefined();
    expect(repository.whyNotReady()).toBe('');
  });

  test('keeps a version of its model, which it was checked against, until it is checked against another', async () => {
    await serve('e', diamond);
    const first = repository.resolve('add');
    sessions.define('add', ['a', 'b', 'c'], ['sum'], async ({ a }) => ({ sum: a ?? [] }));
    store.add('add', [1, 2]);
    await repository.refresh();
    expect(repository.resolve('add').version).toBe(2);
    expect(first.session).toBeDefined();
    sessions.define('add', ['a', 'b'], ['sum'], async () => ({ sum: [0, 0] }));
    store.add('add', [1, 2, 3]);
    await repository.refresh();
    expect(await infer('e', [1, 2])).toEqual({ both: [0, 0] });
    expect(first.session).toBeUndefined();
    expect(repository.problems()).toEqual([]);
    await repository.unload('e');
    await repository.unload('add');
    expect(repository.versions('add')[0]?.session).toBeUndefined();
  });

  test('ends where the model is unloaded whose version it keeps, and that goes too', async () => {
    await serve('e', diamond);
    const first = repository.resolve('add');
    sessions.define('add', ['a', 'b', 'c'], ['sum'], async ({ a }) => ({ sum: a ?? [] }));
    store.add('add', [1, 2]);
    await repository.refresh();
    await repository.unload('add');
    expect(repository.whyModelNotReady('e')).toContain("step 1 ('add') of model 'e': model 'add' is unloaded");
    expect(first.session).toBeUndefined();
    await expect(infer('e', [1, 2])).rejects.toMatchObject({ status: 503 });
    await repository.load('add');
    expect(repository.whyModelNotReady('e')).toContain("step 1 ('add'): its model also takes 'c'");
    await expect(infer('e', [1, 2])).rejects.toMatchObject({ status: 503 });
  });

  test('goes with an alias that leads its step to another version', async () => {
    const aliases = (version: number) => ({ aliases: { production: { version } } });
    const all = { config: { versionPolicy: { kind: 'all' } } } as const;
    store.add('add', [1, 2], { ...all, ...aliases(1) });
    await serve('e', diamond);
    repository.meant('add', undefined, 0);
    const before = repository.resolve('add');
    store.add('add', [1, 2], { ...all, ...aliases(2) });
    await repository.refreshReleases(0);
    expect(await infer('e', [1, 2])).toEqual({ both: [4, 7] });
    expect(statistics('add')).toEqual([1, 0, 1]);
    expect(before.statistics.toJSON().inference_stats.success.count).toBe(0);
  });
});

describe('an ensemble that waits for another server', () => {
  const far: EnsembleConfig = {
    inputs: ['x'],
    outputs: ['y'],
    steps: [{ model: 'm', server: 'second', inputs: { x: 'x' }, outputs: { y: 'y' } }],
  };

  test('keeps nothing waiting but what is made of it', async () => {
    const silent = Promise.withResolvers<never>();
    build(1, () => silent.promise);
    store.models.clear();
    store.add('far', [1], { config: { ensemble: far } });
    const steps = [{ model: 'far', inputs: { x: 'x' }, outputs: { y: 'y' } }];
    store.add('whole', [1], { config: { ensemble: { ...far, steps } } });
    store.add('double');
    const refreshing = repository.refresh();
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(repository.whyModelNotReady('double')).toBeUndefined();
    expect(repository.whyNotReady()).toBe("model 'far' version 1 is LOADING; model 'whole' version 1 is UNAVAILABLE");
    silent.reject(new ServiceError(504, 'it does not answer'));
    await refreshing;
    expect(repository.whyNotReady()).toContain(
      "model 'far' version 1 is UNAVAILABLE: step 1 ('m'): it does not answer",
    );
  });
});

describe('loading and unloading', () => {
  test('an ensemble loads what it is made of', async () => {
    await serve('e', diamond);
    await repository.unload('e', repository.partsOf('e'));
    expect(repository.resolve.bind(repository, 'add')).toThrow('is unloaded');
    await repository.load('e');
    expect(repository.whyNotReady()).toBe('');
  });

  test('what was unloaded by its name, an ensemble does not load again, and says so', async () => {
    await serve('e', diamond);
    await repository.unload('double');
    await repository.unload('e', repository.partsOf('e'));
    const words = "step 2 ('double'): model 'double' is unloaded; load it with POST /v2/repository/models/double/load";
    await expect(repository.load('e')).rejects.toMatchObject({ status: 503, message: expect.stringContaining(words) });
    await repository.load('double');
    expect(repository.whyModelNotReady('e')).toBeUndefined();
    expect(await infer('e', [1, 2])).toEqual({ both: [4, 7] });
  });

  test('an ensemble that is unloaded leaves its models, or takes along those that no other needs', async () => {
    const other = {
      inputs: ['x'],
      outputs: ['y'],
      steps: [{ model: 'double', inputs: { x: 'x' }, outputs: { y: 'y' } }],
    };
    store.add('other', [1], { config: { ensemble: other } });
    await serve('e', diamond);
    const states = () => ['add', 'double', 'increase'].map((name) => repository.versions(name)[0]?.state);
    await repository.unload('e');
    expect(states()).toEqual(['READY', 'READY', 'READY']);
    await repository.load('e');
    await repository.unload('e', repository.partsOf('e'));
    expect(states()).toEqual(['UNAVAILABLE', 'READY', 'UNAVAILABLE']);
  });
});

describe('an ensemble does not load', () => {
  const step = { model: 'double', inputs: { x: 'x' }, outputs: { y: 'y' } };
  const one = (change: object, more: object = {}) => ({
    inputs: ['x'],
    outputs: ['y'],
    steps: [{ ...step, ...change }],
    ...more,
  });
  const cases: [string, EnsembleConfig, string][] = [
    ['of a model that there is not', one({ model: 'triple' }), "step 1 ('triple'): there is no model 'triple'"],
    [
      'of a version that there is not',
      one({ version: '7' }),
      "step 1 ('double'): model 'double' has no version or alias '7'",
    ],
    [
      'with an input that its model has not',
      one({ inputs: { z: 'x' } }),
      "step 1 ('double'): its model also takes 'x'",
    ],
    [
      'with an input too many',
      one({ inputs: { x: 'x', z: 'x' } }),
      "step 1 ('double'): its model has no input 'z'; its inputs are 'x'",
    ],
    [
      'with an output that its model has not',
      one({ outputs: { z: 'y' } }),
      "step 1 ('double'): its model has no output 'z'; its outputs are 'y'",
    ],
    [
      'of shapes that do not match',
      one({}, { outputs: ['w'], steps: [step, { model: 'wide', inputs: { x: 'y' }, outputs: { y: 'w' } }] }),
      "the tensor 'y' does not fit: step 1 ('double') gives FP32 [-1,2], step 2 ('wide') takes FP32 [-1,3] (-1: any size)",
    ],
    [
      'of datatypes that do not match',
      one({}, { outputs: ['w'], steps: [step, { model: 'whole', inputs: { x: 'y' }, outputs: { y: 'w' } }] }),
      "step 2 ('whole') takes INT64 [-1,2]",
    ],
    [
      'with an input that its steps take as what cannot be one',
      one({}, { outputs: ['y', 'w'], steps: [step, { model: 'wide', inputs: { x: 'x' }, outputs: { y: 'w' } }] }),
      "the tensor 'x' does not fit: step 1 ('double') takes FP32 [-1,2], step 2 ('wide') takes FP32 [-1,3]",
    ],
    ['that is made of itself', one({ model: 'e' }), 'its steps lead back to where they came from: e → e'],
    ['that is made of what is made of it', one({ model: 'circle' }), 'e → circle → e'],
    ['of a model that keeps state', one({ model: 'stateful' }), "step 1 ('stateful'): it keeps state for sequences"],
  ];
  test.each(cases)('%s', async (_case, ensemble, message) => {
    sessions.define('wide', [{ name: 'x', datatype: 'FP32', shape: [-1, 3] }], ['y'], async () => ({}));
    sessions.define('whole', [{ name: 'x', datatype: 'INT64', shape: [-1, 2] }], ['y'], async () => ({}));
    sessions.define('stateful', ['x', 's'], ['y', 'n'], async () => ({}));
    for (const name of ['wide', 'whole']) store.add(name);
    store.add('circle', [1], { config: { ensemble: one({ model: 'e' }) } });
    const sequence = { state: [{ input: 's', output: 'n' }], idleTimeoutMs: 1, maxSequences: 1, maxBytes: 100 };
    store.add('stateful', [1], { config: { sequence } });
    await serve('e', ensemble);
    expect(repository.whyModelNotReady('e')).toContain(message);
  });

  test('whose levels double, to more runs than a request may begin', async () => {
    const chain = (level: number) => (level === 0 ? 'double' : `level${level}`);
    for (let level = 1; level <= 40; level += 1) {
      const model = chain(level - 1);
      const steps = [
        { model, inputs: { x: 'x' }, outputs: { y: 'm' } },
        { model, inputs: { x: 'm' }, outputs: { y: 'y' } },
      ];
      store.add(chain(level), [1], { config: { ensemble: { inputs: ['x'], outputs: ['y'], steps } } });
    }
    await repository.refresh();
    expect(repository.whyModelNotReady('level9')).toBeUndefined();
    const reason = 'its steps come to 1024 runs of models, more than the 1000 that one request may begin';
    expect(repository.whyModelNotReady('level10')).toContain(reason);
    expect(repository.whyModelNotReady('level40')).toContain("step 1 ('level39')");
  });
});

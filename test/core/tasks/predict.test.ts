import { expect, test } from '@jest/globals';
import type { DataPlane } from '../../../src/core/data-plane.ts';
import { ModelVersion } from '../../../src/core/model-version.ts';
import { noTimes } from '../../../src/core/no-times.ts';
import type { Flow } from '../../../src/core/tasks/flow.ts';
import { predict } from '../../../src/core/tasks/predict.ts';
import type { Task } from '../../../src/core/tasks/task.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';

const task: Task = {
  name: 'tabular-regression',
  preprocess: {
    takes: 'features',
    gives: 'inputs',
    apply: (item) => {
      if ((item as readonly number[])[0] === 13) throw new ServiceError(400, 'unlucky');
      return { tensors: [], tokens: (item as readonly number[])[0] as number };
    },
  },
  postprocess: { takes: 'outputs', gives: 'prediction', apply: () => 1 } as Task['postprocess'],
};

const context = {
  times: noTimes(),
  checkDeadline: () => {},
  signal: () => new AbortController().signal,
  checkOutput: () => {},
};

async function most(items: readonly Flow['features'][], maxConcurrentRequests: number, maxSize = 0) {
  let now = 0;
  let mostAtOnce = 0;
  const infer = async () => {
    now += 1;
    mostAtOnce = Math.max(mostAtOnce, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return { outputs: [] };
  };
  const version = new ModelVersion('m', 1, { ...defaultConfig, queue: { ...defaultConfig.queue, maxSize } });
  const dataPlane = { infer } as unknown as DataPlane;
  const found = await predict(dataPlane, version, task, items, { maxConcurrentRequests }, context);
  expect(found.map(({ tokens }) => [tokens])).toEqual(items);
  return mostAtOnce;
}

const items = Array.from({ length: 100 }, (_, index) => [index + 100]);

test.each([
  [1024, 0, 64],
  [1, 0, 1],
  [1024, 8, 8],
  [160, 0, 10],
])(
  'of a server that takes %i requests, and a queue of %i, a call has %i items at once',
  async (requests, queue, expected) => {
    expect(await most(items, requests, queue)).toBe(expected);
  },
);

test('says which item was at fault, where there are several', async () => {
  await expect(most([[1], [13]], 1024)).rejects.toThrow('item 1: unlucky');
  await expect(most([[13]], 1024)).rejects.toThrow(/^unlucky$/);
});

test('items that wait while others become tensors are let go as their caller leaves, and two become tensors at once', async () => {
  const caller = new AbortController();
  const begun: Flow['features'][] = [];
  let now = 0;
  let mostAtOnce = 0;
  const apply: Task['preprocess']['apply'] = async (item) => {
    begun.push(item as Flow['features']);
    now += 1;
    mostAtOnce = Math.max(mostAtOnce, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    if (begun.length === 4) caller.abort();
    return { tensors: [] };
  };
  const slow: Task = { ...task, preprocess: { ...task.preprocess, apply } };
  const dataPlane = { infer: async () => ({ outputs: [] }) } as unknown as DataPlane;
  const version = new ModelVersion('m', 1, defaultConfig);
  const left = { ...context, signal: () => caller.signal };
  const calls = predict(dataPlane, version, slow, items, { maxConcurrentRequests: 1024 }, left);
  await expect(calls).rejects.toMatchObject({ status: 504 });
  expect(mostAtOnce).toBe(2);
  expect(begun.length).toBeLessThan(8);
});

test('the event loop turns while many items become tensors', async () => {
  const busy = () => {
    for (const began = performance.now(); performance.now() - began < 3; );
    return { tensors: [], tokens: 1 };
  };
  const slow: Task = { ...task, preprocess: { takes: 'features', gives: 'inputs', apply: busy } };
  const dataPlane = { infer: async () => ({ outputs: [] }) } as unknown as DataPlane;
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  });
  const version = new ModelVersion('m', 1, defaultConfig);
  await predict(dataPlane, version, slow, items.slice(0, 60), { maxConcurrentRequests: 1024 }, context);
  clearInterval(counting);
  expect(turns).toBeGreaterThan(10);
});

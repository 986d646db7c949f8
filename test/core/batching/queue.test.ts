import { beforeEach, describe, expect, test } from '@jest/globals';
import { priorityOf } from '../../../src/core/batching/priority-of.ts';
import { RunQueue } from '../../../src/core/run-queue.ts';
import type { QueueConfig } from '../../../src/ports/model-store.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';
import { FakeCaller } from '../../fakes/fake-caller.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';
import { FakeTime } from '../../fakes/fake-time.ts';
import { GatedSession } from '../../fakes/gated-session.ts';

let session: GatedSession;
let time: FakeTime;

beforeEach(() => {
  session = new GatedSession();
  time = new FakeTime();
});

/** A model whose only place is taken, one row a run. */
async function busy(queue: Partial<QueueConfig>, turns = new RunQueue(1, 100)): Promise<FakeCaller> {
  const model = new FakeCaller(session, time, { queue, turns, batching: { maxBatchSize: 1 } });
  void model.ask([0, 0]);
  await time.turn();
  return model;
}

/** The first number of each run, once `count` more of them ended. */
async function order(count: number): Promise<readonly (number | undefined)[]> {
  for (let ended = 0; ended < count; ended += 1) {
    session.runs.at(-1)?.end();
    await time.turn();
  }
  return session.runs.map(({ run }) => new Float32Array((run.inputs[0] as FixedTensor).data.slice().buffer)[0]);
}

const full = 'requests wait for the model already; try again later';

describe('the queue', () => {
  test('refuses at once what is more than it takes', async () => {
    const model = await busy({ maxSize: 2 });
    const waiting = [model.ask([1, 0]), model.ask([2, 0])];
    const refused = model.ask([3, 0]);
    await time.turn();
    expect(await refused).toBe(`the server is busy: 2 ${full}`);
    expect(await order(3)).toEqual([0, 1, 2]);
    expect(await Promise.all(waiting)).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  test('refuses nobody while there are places to run', async () => {
    const model = new FakeCaller(session, time, { queue: { maxSize: 1 }, turns: new RunQueue(2, 100) });
    const answers = [1, 2, 3, 4].map((row) => model.ask([row, 0]));
    await time.turn();
    expect(await answers[3]).toBe(`the server is busy: 1 ${full}`);
    expect(session.runs).toHaveLength(2);
  });

  test('takes half of what the server does by default, so that other models have room', async () => {
    const model = await busy({}, new RunQueue(1, 3));
    void model.ask([1, 0]);
    void model.ask([2, 0]);
    const refused = model.ask([3, 0]);
    await time.turn();
    expect(await refused).toBe(`the server is busy: 2 ${full}`);
  });

  test('refuses what waited too long', async () => {
    const model = await busy({ timeoutMs: 10 });
    const late = model.ask([1, 0]);
    await time.turn();
    await time.pass(5);
    const later = model.ask([2, 0]);
    await time.turn();
    await time.pass(5);
    expect(await late).toMatch(
      /^the server is busy: the request waited 10 ms, which the model's queue.timeoutMs allows/,
    );
    expect(await order(2)).toEqual([0, 2]);
    await time.pass(100);
    expect(await later).toEqual([2, 0]);
  });

  test('lets what waited too long wait until the others were served, where it is told so', async () => {
    const model = await busy({ timeoutMs: 10, timeoutAction: 'delay' });
    void model.ask([1, 0]);
    await time.turn();
    await time.pass(10);
    void model.ask([2, 0]);
    void model.ask([3, 0]);
    await time.turn();
    expect(await order(4)).toEqual([0, 2, 3, 1]);
  });

  test('serves the first priority first, each in the order of arrival', async () => {
    const model = await busy({ priorityLevels: 3 });
    for (const [value, priority] of [
      [1, 3],
      [2, 1],
      [3, 2],
      [4, 1],
    ] as const) {
      void model.ask([value, 0], { priority });
    }
    await time.turn();
    expect(await order(5)).toEqual([0, 2, 4, 3, 1]);
  });

  test('has its own bounds for a priority', async () => {
    const model = await busy({ priorityLevels: 2, maxSize: 5, priorities: { 2: { maxSize: 1, timeoutMs: 10 } } });
    void model.ask([1, 0], { priority: 1 });
    void model.ask([2, 0], { priority: 1 });
    const second = model.ask([3, 0], { priority: 2 });
    const refused = model.ask([4, 0], { priority: 2 });
    await time.turn();
    expect(await refused).toBe(`the server is busy: 1 ${full}`);
    await time.pass(10);
    expect(await second).toMatch(/waited 10 ms/);
    expect(await order(3)).toEqual([0, 1, 2]);
  });
});

describe('a priority', () => {
  const queue = { ...defaultConfig.queue, priorityLevels: 3, defaultPriority: 2 };

  test.each([
    [undefined, 2],
    [0, 2],
    [1, 1],
    [3, 3],
    [4, 2],
  ])('%p is %i', (priority, expected) => {
    expect(priorityOf(priority === undefined ? {} : { priority }, queue)).toBe(expected);
  });

  test('of a model without any is the only one', () => {
    expect(priorityOf({ priority: 7 }, defaultConfig.queue)).toBe(1);
  });

  test.each([[-1], [1.5], ['high'], [true]])('%p is refused', (priority) => {
    expect(() => priorityOf({ priority }, queue)).toThrow(
      `parameter 'priority': expected a whole number, 1 being the highest, got ${JSON.stringify(priority)}`,
    );
  });
});

import { beforeEach, describe, expect, test } from '@jest/globals';
import { BackgroundRuns } from '../../../src/core/canary/background-runs.ts';
import { FakeTime } from '../../fakes/fake-time.ts';

describe('runs that nobody waits for', () => {
  let time: FakeTime;
  let isQuiet: boolean;
  let began: number[];
  let dropped: number[];
  let ends: Map<number, () => void>;
  let aborted: number[];

  const runsOf = (isHeld = false) => new BackgroundRuns({ timers: time, clock: time, isQuiet: () => isQuiet, isHeld });
  const work = (id: number, bytes = 1) => ({
    bytes,
    drop: () => void dropped.push(id),
    run: (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        began.push(id);
        ends.set(id, resolve);
        signal.addEventListener('abort', () => {
          aborted.push(id);
          resolve();
        });
      }),
  });

  beforeEach(() => {
    time = new FakeTime();
    isQuiet = true;
    [began, dropped, aborted] = [[], [], []];
    ends = new Map();
  });

  async function end(id: number): Promise<void> {
    ends.get(id)?.();
    await time.turn();
  }

  test('begin after the turn, one at a time, with four times as long between them as they took', async () => {
    const runs = runsOf();
    for (const id of [1, 2]) runs.offer(work(id));
    expect(began).toEqual([]);
    await time.turn();
    expect(began).toEqual([1]);
    await time.pass(10);
    await end(1);
    await time.pass(39);
    expect(began).toEqual([1]);
    await time.pass(1);
    expect(began).toEqual([1, 2]);
  });

  test('wait until it is quiet, and are dropped after a second', async () => {
    const runs = runsOf();
    isQuiet = false;
    runs.offer(work(1));
    await time.turn();
    await time.pass(500);
    runs.offer(work(2));
    await time.pass(501);
    expect([began, dropped]).toEqual([[], [1]]);
    isQuiet = true;
    await time.pass(5);
    expect(began).toEqual([2]);
  });

  test('give way to callers, and to those behind them after half a minute', async () => {
    const runs = runsOf();
    runs.offer(work(1));
    runs.offer(work(2));
    await time.turn();
    runs.giveWay();
    await time.turn();
    expect(aborted).toEqual([1]);
    await time.turn();
    expect(began).toEqual([1, 2]);
    await time.pass(30_000);
    expect(aborted).toEqual([1, 2]);
  });

  test('are dropped where too many wait, or too much is held for them', async () => {
    const runs = runsOf();
    isQuiet = false;
    runs.offer(work(0, 17 * 1024 ** 2));
    runs.offer(work(1, 10 * 1024 ** 2));
    runs.offer(work(2, 10 * 1024 ** 2));
    expect(dropped).toEqual([0, 2]);
    for (let id = 3; id < 40; id += 1) runs.offer(work(id));
    expect(dropped).toEqual([0, 2, 34, 35, 36, 37, 38, 39]);
  });

  test('of a host that stands still begin when it has time', async () => {
    const runs = runsOf(true);
    for (const id of [1, 2, 3]) runs.offer(work(id));
    await time.turn();
    await time.pass(5000);
    expect(began).toEqual([]);
    const drained = runs.drain(100);
    expect(began).toEqual([1]);
    await end(1);
    expect(began).toEqual([1, 2]);
    await time.pass(100);
    await drained;
    expect([began, aborted, dropped]).toEqual([[1, 2], [2], []]);
  });
});

import { beforeEach, expect, test } from '@jest/globals';
import type { ModelVersion } from '../../../src/core/model-version.ts';
import { FakeCaller } from '../../fakes/fake-caller.ts';
import { FakeTime } from '../../fakes/fake-time.ts';
import { GatedSession } from '../../fakes/gated-session.ts';

let session: GatedSession;
let time: FakeTime;
let told: string[];

beforeEach(() => {
  session = new GatedSession();
  time = new FakeTime();
  told = [];
});

const onStalled = (_version: ModelVersion, message: string) => void told.push(message);

function caller(runTimeoutMs = 0): FakeCaller {
  const model = new FakeCaller(session, time, {
    config: { runTimeoutMs },
    watchdog: { runTimeoutMs: 1000, onStalled },
  });
  model.version.ready = true;
  return model;
}

test('a run that makes no progress is ended, and its place is the next one’s', async () => {
  const model = caller();
  const stuck = model.ask([1, 1]);
  await time.turn();
  const next = model.ask([2, 2]);
  await time.pass(999);
  expect(session.runs[0]?.signal?.aborted).toBe(false);
  await time.pass(1);
  const message = "a run of model 'm' version 1 made no progress in 1000 ms, and was given up";
  expect(await stuck).toBe(`${message} (runTimeoutMs)`);
  expect(told).toEqual([message]);
  expect(session.runs[0]?.signal?.aborted).toBe(true);
  session.runs[1]?.end();
  expect(await next).toEqual([2, 2]);
  expect(model.version.whyNotReady()).toBeUndefined();
});

test('one that does not end is said to be in readiness until it does', async () => {
  session.hangs = true;
  const model = caller(50);
  const stuck = model.ask([1, 1]);
  await time.turn();
  await time.pass(50);
  expect(await stuck).toMatch(/no progress in 50 ms/);
  expect(model.version.whyNotReady()).toBe(
    "model 'm' version 1: runs that make no progress and were given up have not ended: 1",
  );
  session.runs[0]?.end();
  await time.turn();
  expect(model.version.whyNotReady()).toBeUndefined();
  expect(model.log()).toEqual(['1 idle nothing-waits failed']);
});

test('the others of its run have one each', async () => {
  const model = caller(50);
  void model.ask([0, 0]);
  await time.turn();
  const answers = [model.ask([1, 1]), model.ask([2, 2])];
  await time.turn();
  session.runs[0]?.end();
  await time.turn();
  await time.pass(50);
  session.runs[2]?.end();
  await time.turn();
  await time.pass(50);
  expect(await Promise.all(answers)).toEqual([[1, 1], expect.stringMatching(/no progress/)]);
});

test('a run that ends in time is none of its business', async () => {
  const model = caller(50);
  const answer = model.ask([1, 1]);
  await time.turn();
  session.runs[0]?.end();
  await time.turn();
  await time.pass(100);
  expect(await answer).toEqual([1, 1]);
  expect(told).toEqual([]);
});

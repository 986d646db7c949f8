import { expect, test } from '@jest/globals';
import type { DataPlane } from '../../../src/core/data-plane.ts';
import { ModelVersion } from '../../../src/core/model-version.ts';
import { measureLoad } from '../../../src/core/tuning/measure-load.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { defaultConfig } from '../../fakes/fake-store.ts';

const version = new ModelVersion('m', 1, defaultConfig);
const request = { parameters: {}, inputs: [] };

/** Measures a model whose requests take what `msOf` says of their number, one after the other. */
function measure(load: { callers: number; ms: number }, msOf: (request: number) => number) {
  const clock = new FakeClock();
  let made = 0;
  const infer = async () => {
    clock.ms += msOf(made);
    made += 1;
  };
  const dataPlane = { infer } as unknown as DataPlane;
  return { measuring: measureLoad(dataPlane, version, request, load, clock), made: () => made };
}

test('counts requests a second, and of their times the median and the 99th of a hundred', async () => {
  const { measuring } = measure({ callers: 1, ms: 10_000 }, (number) => (number % 50 === 0 ? 90 : 10));
  const { perSecond, medianMs, p99Ms, callers } = await measuring;
  expect({ callers, medianMs, p99Ms }).toEqual({ callers: 1, medianMs: 10, p99Ms: 90 });
  // 50 requests in 580 ms.
  expect(perSecond).toBeCloseTo(86.2, 0);
});

test('does not count what comes before the queue has filled', async () => {
  const { measuring } = measure({ callers: 1, ms: 10_000 }, (number) => (number === 0 ? 2000 : 10));
  expect(await measuring).toMatchObject({ medianMs: 10, p99Ms: 10, perSecond: expect.closeTo(100, 0) });
});

test('goes on where too few came to tell one in a hundred, up to four times as long', async () => {
  const { measuring, made } = measure({ callers: 1, ms: 1000 }, () => 25);
  await measuring;
  // A quarter of a second before what counts, and a hundred.
  expect(made()).toBe(109);
  const slow = measure({ callers: 1, ms: 1000 }, () => 500);
  await slow.measuring;
  expect(slow.made()).toBe(9);
});

test('makes one request a caller, however little time there is, and tells why one failed', async () => {
  const { measuring, made } = measure({ callers: 2, ms: 0 }, () => 5);
  expect(await measuring).toMatchObject({ callers: 2, medianMs: 5 });
  expect(made()).toBe(2);
  const failing = measure({ callers: 1, ms: 10 }, () => {
    throw new Error('no memory');
  });
  await expect(failing.measuring).rejects.toThrow('no memory');
});

import { describe, expect, test } from '@jest/globals';
import { authorizeBy } from '../../../src/adapters/api-keys/authorize-by.ts';
import { hashKey } from '../../../src/adapters/api-keys/hash-key.ts';
import type { CallerUsage } from '../../../src/ports/usage-of.ts';

const sha256 = hashKey('secret').toString('hex');
const headers = { 'x-api-key': 'secret' };
const now = () => Date.parse('2026-11-29T23:59:58.500Z');

describe('what a key may use', () => {
  const nothing: CallerUsage = { requestsToday: 0, requestsThisMonth: 0, costToday: 0 };
  const callerOf = (policy: object, used: Partial<CallerUsage> = {}) =>
    authorizeBy([{ name: 'acme', sha256, ...policy }], { usageOf: () => ({ ...nothing, ...used }), now })(headers);

  test.each([
    [
      { quota: { requests: 3, per: 'day' } },
      { requestsToday: 3 },
      'has had 3 inferences this day, of 3; it begins anew at 2026-11-30T00:00:00.000Z',
      2,
    ],
    [
      { quota: { requests: 3, per: 'month' } },
      { requestsThisMonth: 4 },
      'has had 4 inferences this month, of 3; it begins anew at 2026-12-01T00:00:00.000Z',
      86_402,
    ],
    [{ quota: { requests: 0, per: 'day' } }, {}, 'has had 0 inferences this day, of 0', 2],
    [
      { dailyCost: 0.5 },
      { costToday: 0.512345 },
      'has cost 0.5123 USD today, of 0.5; it begins anew at 2026-11-30T00:00:00.000Z',
      2,
    ],
  ])('by %j is refused with 429 after %j', (policy, used, message, retryAfterSeconds) => {
    expect(() => callerOf(policy, used).check('infer', 'm')).toThrow(
      expect.objectContaining({
        status: 429,
        retryAfterSeconds,
        message: expect.stringContaining(`the API key 'acme' ${message}`),
      }),
    );
    expect(() => callerOf(policy, used).check('read', 'm')).not.toThrow();
  });

  test.each([
    [{ quota: { requests: 3, per: 'day' } }, { requestsToday: 2, requestsThisMonth: 99 }],
    [{ quota: { requests: 3, per: 'month' } }, { requestsThisMonth: 2 }],
    [{ dailyCost: 0.5 }, { costToday: 0.49 }],
    [{}, { requestsToday: 1e9, costToday: 1e9 }],
  ])('by %j is let through after %j', (policy, used) => {
    expect(() => callerOf(policy, used).check('infer', 'm')).not.toThrow();
  });

  test('who may not do it at all is told so, whatever it has used', () => {
    const caller = callerOf({ models: ['n'], quota: { requests: 0, per: 'day' } });
    expect(() => caller.check('infer', 'm')).toThrow(expect.objectContaining({ status: 403 }));
  });

  test('a rate is kept over a new reading of its file, and told with when to come again', () => {
    const buckets = new Map();
    const entry = { name: 'acme', sha256, rate: { perSecond: 0.001, burst: 2 } };
    const take = () => authorizeBy([entry], { buckets, now })(headers).take();
    take();
    take();
    expect(take).toThrow(
      expect.objectContaining({
        status: 429,
        retryAfterSeconds: expect.any(Number),
        message: "the API key 'acme' may send 0.001 requests a second, and sends more: come again later",
      }),
    );
  });
});

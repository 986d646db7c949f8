import { describe, expect, test } from '@jest/globals';
import { TokenBucket } from '../../src/core/token-bucket.ts';

describe('TokenBucket', () => {
  test('lets a burst through, then so many a second, and says how long the next has to wait', () => {
    let nowMs = 1000;
    const bucket = new TokenBucket({ perSecond: 4, burst: 2 }, () => nowMs);
    expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 250]);
    nowMs += 200;
    expect(bucket.take()).toBeCloseTo(50);
    nowMs += 51;
    expect(bucket.take()).toBe(0);
    expect(bucket.take()).toBeGreaterThan(0);
    nowMs += 60_000;
    expect([bucket.take(), bucket.take(), bucket.take() > 0]).toEqual([0, 0, true]);
  });

  test.each([
    [0.5, 1],
    [3, 3],
    [2.5, 3],
  ])('without a burst, %d a second are %d at once', (perSecond, burst) => {
    const bucket = new TokenBucket({ perSecond }, () => 0);
    for (let taken = 0; taken < burst; taken += 1) expect(bucket.take()).toBe(0);
    expect(bucket.take()).toBeGreaterThan(0);
  });
});

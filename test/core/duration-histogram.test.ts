import { expect, test } from '@jest/globals';
import { DurationHistogram, durationBounds } from '../../src/core/duration-histogram.ts';

test.each([
  [0, 0],
  [0.125, 0],
  [0.126, 1],
  [1, 3],
  [1.01, 4],
  [65_536, 19],
  [65_537, 20],
  [1e9, 20],
])('%d ms fall into bucket %d', (ms, bucket) => {
  const histogram = new DurationHistogram();
  histogram.add(ms);
  expect(histogram.counts.indexOf(1)).toBe(bucket);
  expect(ms / 1000).toBeLessThanOrEqual(durationBounds[bucket] ?? Number.POSITIVE_INFINITY);
  expect(ms / 1000).toBeGreaterThan(bucket === 0 ? -1 : (durationBounds[bucket - 1] ?? 0));
});

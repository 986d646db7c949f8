import { expect, test } from '@jest/globals';
import { BatchCost } from '../../../src/core/batching/batch-cost.ts';

test('nothing is known before the first run', () => {
  expect(new BatchCost().bytesIn(100)).toBe(0);
});

test('a run tells how many bytes would take so long', () => {
  const cost = new BatchCost();
  cost.observe(50, 10);
  expect(cost.bytesIn(100)).toBe(500);
});

test('what a quick run tells is soon believed, what a slow one does only in time', () => {
  const cost = new BatchCost();
  cost.observe(50, 10);
  cost.observe(50, 100);
  expect(cost.bytesIn(100)).toBeGreaterThan(400);
  for (let run = 0; run < 1000; run += 1) cost.observe(50, 100);
  expect(cost.bytesIn(100)).toBeCloseTo(50, 0);
  for (let run = 0; run < 6; run += 1) cost.observe(50, 10);
  expect(cost.bytesIn(100)).toBeGreaterThan(400);
});

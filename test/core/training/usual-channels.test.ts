import { expect, test } from '@jest/globals';
import { usualChannels } from '../../../src/core/training/usual-channels.ts';

test.each([
  [1, 1],
  [8, 8],
  [9, 8],
  [28, 28],
  [10, 32],
  [300, 200],
])('of %i by %i pixels the last layer sees all, and three layers are the least', (height, width) => {
  const channels = usualChannels(height, width);
  expect(channels.slice(0, 3)).toEqual([16, 32, 64]);
  // Each but the first goes by steps of two, so that it sees twice as far, and two pixels more.
  let [seen, step] = [3, 1];
  for (let layer = 1; layer < channels.length; layer += 1) {
    seen += 2 * step;
    step *= 2;
  }
  expect(seen).toBeGreaterThanOrEqual(Math.max(height, width));
});

import { expect, test } from '@jest/globals';
import { atOnce } from '../../../src/core/pace/at-once.ts';
import { type ScoredBox, suppressBoxes } from '../../../src/core/tasks/suppress-boxes.ts';

const apart = Array.from({ length: 50 }, (_, at): ScoredBox => ({ score: at / 50, box: [at, 0, at + 1, 1] }));

test('of boxes that share much the best is kept, and none is looked at past as many as are wanted', () => {
  const near: ScoredBox = { score: 0.97, box: [49, 0, 50, 0.9] };
  let looked = 0;
  const counted = [...apart, near].map(({ score, box }) => ({
    score,
    get box() {
      looked += 1;
      return box;
    },
  }));
  const kept = atOnce(suppressBoxes(counted, { overlap: 0.5, most: 3 }));
  expect(kept.map(({ score }) => score)).toEqual([0.98, 0.96, 0.94]);
  // The first is held against none, and the three behind it against 1, 1 and 2.
  expect(looked).toBe(8);
  expect(atOnce(suppressBoxes(apart, { overlap: 0.5, most: 100 }))).toHaveLength(50);
});

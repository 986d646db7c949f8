import { expect, test } from '@jest/globals';
import { lastPassNote } from '../../../src/core/training/last-pass-note.ts';

const curveOf = (losses: readonly (number | undefined)[]) =>
  losses.map((validationLoss, at) => ({
    epoch: at + 1,
    loss: 1,
    ...(validationLoss !== undefined && { validationLoss }),
  }));

test('a training that was still learning when its passes were over says so, and no other', () => {
  const noteOf = (losses: readonly (number | undefined)[], bestEpoch: number, epochs: number) =>
    lastPassNote({ curve: curveOf(losses), bestEpoch }, epochs);
  expect(noteOf([3, 2, 1], 3, 3)).toContain('the last of its 3 passes was the best');
  expect(noteOf([3, 1, 2], 2, 3)).toBeUndefined();
  expect(noteOf([3, 2, 1], 3, 9)).toBeUndefined();
  expect(noteOf([3], 1, 1)).toBeUndefined();
  expect(noteOf([undefined, undefined], 2, 2)).toBeUndefined();
});

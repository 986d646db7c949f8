import { expect, test } from '@jest/globals';
import { countOf } from '../../cli/count-of.ts';

test.each([
  [0, '0 samples'],
  [1, '1 sample'],
  [1000, '1,000 samples'],
])('%i is told as %s', (count, words) => {
  expect(countOf(count, 'sample')).toBe(words);
});

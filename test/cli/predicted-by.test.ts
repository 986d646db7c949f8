import { expect, test } from '@jest/globals';
import { predictedBy } from '../../cli/predicted-by.ts';

const digits = Array.from({ length: 100 }, (_digit, at) => String(at % 10));
const numbers = digits.map((digit, at) => `${digit}.${at % 7}`);

test.each([
  ['fractions', numbers, 'numbers'],
  ['fractions with few strays', numbers.with(3, 'NA').with(9, 'nan').with(20, 'x'), 'numbers'],
  ['fractions of which one in six is a text', numbers.map((text, at) => (at % 6 === 0 ? 'other' : text)), 'classes'],
  ['small fractions', ['1e-5', '2', '3'], 'numbers'],
  ['one stray of few', ['0.5', '1', 'NA'], 'numbers'],
  ['whole numbers', digits, 'classes'],
  ['whole numbers and a text', digits.with(3, 'other'), 'classes'],
  ['texts with points', ['v1.5', 'v2', 'v3'], 'classes'],
])('%s are told as they are meant', (_what, targets, predicts) => {
  expect(predictedBy('mlp', {}, targets)).toBe(predicts);
});

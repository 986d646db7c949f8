import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { numbersBetween } from '../../../src/core/constraints/numbers-between.ts';
import { acceptsText } from '../../fakes/accepts-text.ts';

const decimal = fc
  .tuple(fc.integer({ min: -2_000, max: 2_000 }), fc.constantFrom(1, 0.1, 0.01, 0.001, 1000, 1e-6))
  .map(([digits, scale]) => Number((digits * scale).toPrecision(12)));

test('exactly the numbers between the bounds, as they are written without an exponent', () => {
  fc.assert(
    fc.property(decimal, decimal, fc.boolean(), fc.boolean(), decimal, (one, other, isLowOpen, isHighOpen, value) => {
      // The wrong way round at times: nothing is between them then.
      const [low, high] = value > 0 ? [one, other] : [Math.min(one, other), Math.max(one, other)];
      const form = numbersBetween({ low, isLowOpen, high, isHighOpen }, false);
      for (const number of [value, low, high, (low + high) / 2]) {
        const text = number.toFixed(9).replace(/\.?0+$/, '');
        if (text === '-0') continue;
        const rounded = Number(text);
        const isRight = (isLowOpen ? rounded > low : rounded >= low) && (isHighOpen ? rounded < high : rounded <= high);
        expect({ low, high, text, is: acceptsText(form, text) }).toEqual({ low, high, text, is: isRight });
      }
    }),
    { numRuns: 300, seed: 1 },
  );
});

test.each([
  [-Infinity, -1, '-99999', true],
  [-Infinity, -1, '0', false],
  [5, Infinity, '999999999999999', true],
  [5, Infinity, '9999999999999999', false],
  [1e20, Infinity, '100000000000000000000', false],
  [-0.5, 0.5, '-0.5', true],
  [-0.5, 0.5, '-0', false],
  [0, 10, '007', false],
  [0, 10, '5.', false],
])('between %d and %d, %s: %s', (low, high, text, is) => {
  const form = numbersBetween({ low, isLowOpen: false, high, isHighOpen: false }, false);
  expect(acceptsText(form, text)).toBe(is);
});

test('whole numbers have no fraction', () => {
  const form = numbersBetween({ low: 0.5, isLowOpen: false, high: 2, isHighOpen: false }, true);
  expect(['0', '1', '1.5', '2', '2.0', '3'].filter((text) => acceptsText(form, text))).toEqual(['1', '2']);
});

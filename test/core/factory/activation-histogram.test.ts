import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ActivationHistogram } from '../../../src/core/factory/activation-histogram.ts';

function histogramOf(...parts: readonly number[][]): ActivationHistogram {
  const histogram = new ActivationHistogram();
  for (const part of parts) histogram.add(Float32Array.from(part));
  return histogram;
}

test('100 percent are from the least to the greatest', () => {
  expect(histogramOf([1, -3.25], [2.5]).range(100)).toEqual({ min: -3.25, max: 2.5 });
  expect(histogramOf().range(99)).toEqual({ min: 0, max: 0 });
  expect(histogramOf([0]).range(99)).toEqual({ min: 0, max: 0 });
});

test('less cuts off as many below as above, to a part of the range that is counted', () => {
  const values = Array.from({ length: 10_000 }, (_item, index) => (index - 5000) / 100);
  const { min, max } = histogramOf(values).range(98);
  // From -50 to 50: of 10,000 values, 100 on each side.
  expect(min).toBeCloseTo(-49, 1);
  expect(max).toBeCloseTo(49, 1);
  const outlier = histogramOf([...values, 1e6]).range(99.9);
  expect(outlier.max).toBeLessThan(200);
});

test('what is not finite is left out', () => {
  expect(histogramOf([1, Number.NaN, Number.POSITIVE_INFINITY, -1]).range(100)).toEqual({ min: -1, max: 1 });
});

test('the order of the values makes no difference', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, min: -1e6, max: 1e6 }), { maxLength: 50 }), (values) => {
      const ranges = [99.99, 90, 50].map((percentile) => histogramOf(values).range(percentile));
      const backwards = histogramOf(...values.toReversed().map((value) => [value]));
      expect([99.99, 90, 50].map((percentile) => backwards.range(percentile))).toEqual(ranges);
    }),
  );
});

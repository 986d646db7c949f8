import { describe, expect, test } from '@jest/globals';
import { compareAnswers } from '../../../src/core/canary/compare-answers.ts';
import { sampleAnswer } from '../../../src/core/canary/sample-answer.ts';

const floats = (shape: readonly number[], values: readonly number[], name = 'scores') => ({
  name,
  datatype: 'FP32' as const,
  shape,
  data: new Uint8Array(new Float32Array(values).buffer),
});
const words = (values: readonly string[]) => ({
  name: 'label',
  datatype: 'BYTES' as const,
  shape: [values.length],
  data: values.map((value) => new TextEncoder().encode(value)),
});
type Outputs = Parameters<typeof sampleAnswer>[0];
const compare = (expected: Outputs, actual: Outputs, tolerance = 0.01) =>
  compareAnswers(sampleAnswer(expected), sampleAnswer(actual), tolerance);

describe('compareAnswers', () => {
  test('scores agree as long as the largest of a row is the same one', () => {
    const expected = [floats([2, 2], [0.9, 0.1, 0.2, 0.8])];
    expect(compare(expected, [floats([2, 2], [0.6, 0.4, 0.4, 0.6])])).toEqual({
      agrees: true,
      largestDifference: expect.closeTo(0.3, 5),
      labelFlips: 0,
      labels: 2,
    });
    expect(compare(expected, [floats([2, 2], [0.6, 0.4, 0.6, 0.4])])).toMatchObject({
      agrees: false,
      labelFlips: 1,
      labels: 2,
    });
  });

  test('numbers that are no scores agree within the tolerance', () => {
    const expected = [floats([3, 1], [100, 50, -10])];
    expect(compare(expected, [floats([3, 1], [100.9, 50, -10])]).agrees).toBe(true);
    expect(compare(expected, [floats([3, 1], [100, 50, -8])])).toMatchObject({ agrees: false, largestDifference: 2 });
    expect(compare([floats([], [2])], [floats([], [2])]).agrees).toBe(true);
  });

  test('texts and whole numbers are labels', () => {
    expect(compare([words(['cat', 'dog'])], [words(['cat', 'cow'])])).toMatchObject({
      agrees: false,
      labelFlips: 1,
      labels: 2,
    });
    expect(compare([words(['cat'])], [words(['cat'])]).agrees).toBe(true);
  });

  test('what is no number is no answer where the other one is', () => {
    const expected = [floats([1, 2], [0.9, 0.1])];
    const actual = compare(expected, [floats([1, 2], [0.9, Number.NaN])]);
    expect(actual).toMatchObject({ agrees: false, labelFlips: 1, largestDifference: Number.POSITIVE_INFINITY });
    expect(compare([floats([1], [Number.NaN])], [floats([1], [Number.NaN])]).agrees).toBe(true);
  });

  test('an output that is missing, or of another shape or kind, is another answer', () => {
    const expected = [floats([1, 2], [0.9, 0.1])];
    expect(compare(expected, []).agrees).toBe(false);
    expect(compare(expected, [floats([2, 1], [0.9, 0.1])]).agrees).toBe(false);
    expect(compare(expected, [{ ...words(['a', 'b']), name: 'scores', shape: [1, 2] }]).agrees).toBe(false);
    // What callers of the stable version do not know they do not miss.
    expect(compare(expected, [...expected, floats([1], [1], 'more')]).agrees).toBe(true);
  });

  test('of a large answer the first rows are looked at', () => {
    const many = Array.from({ length: 10_000 }, (_value, index) => index % 10);
    const other = [...many];
    other[3] = 99;
    expect(compare([floats([1000, 10], many)], [floats([1000, 10], other)])).toMatchObject({
      labelFlips: 1,
      labels: 102,
    });
  });
});

import { expect, test } from '@jest/globals';
import { compareOutputs } from '../../src/core/compare-outputs.ts';

const output = (elements: readonly (number | string)[], name = 'y') => ({ name, shape: [elements.length], elements });

test.each([
  ['equal', [0.5, -2], [0.5, -2]],
  ['a thousandth of the largest apart', [0.5, -2], [0.5019, -2]],
  ['whole numbers that are equal', [3, 4], [3, 4]],
  ['no numbers in the same place', ['NaN', 0.5], ['NaN', 0.5]],
  ['empty', [], []],
])('outputs are the same: %s', (_what, expected, actual) => {
  expect(compareOutputs([output(expected)], [output(actual)])).toBeUndefined();
});

test.each([
  ['further apart', [0.5, -2], [0.503, -2], "output 'y' has 0.503, expected 0.5"],
  ['another whole number', [1000, 2000], [1000, 2001], "output 'y' has 2001, expected 2000"],
  ['no number', [0.5, 1], ['NaN', 1], "output 'y' has NaN, expected 0.5"],
  ['a number where there was none', ['Infinity'], [7], "output 'y' has 7, expected Infinity"],
  ['another text', ['cat'], ['dog'], "output 'y' has dog, expected cat"],
  ['another shape', [1], [1, 2], "output 'y' has the shape [2], expected [1]"],
])('outputs differ: %s', (_what, expected, actual, problem) => {
  expect(compareOutputs([output(expected)], [output(actual)])).toBe(problem);
});

test('an output that is missing, or one more, is a difference', () => {
  const one = output([1]);
  expect(compareOutputs([one], [])).toBe("it has no output 'y'");
  expect(compareOutputs([one], [one, output([1], 'z')])).toBe('it has 2 outputs, expected 1');
});

import { expect, test } from '@jest/globals';
import { typicalInputs } from '../../../src/core/explain/typical-inputs.ts';

const lines = (...inputs: readonly object[]) => inputs.map((each) => JSON.stringify({ inputs: each })).join('\n');

test('are the middle of numbers, of an even number of whole ones the lower of two, and the text that is there most', () => {
  const found = typicalInputs(
    lines(
      { age: [[40]], town: [['Bonn']], sizes: [[1, -5]] },
      { age: [[20]], town: [['Ulm']], sizes: [[3, 10]] },
      { age: [[31]], town: [['Ulm']], sizes: [[2, 2.5]] },
      { age: [[30]], town: [['Jena']], sizes: [[9, 3]] },
    ),
  );
  expect(Object.fromEntries(found?.values ?? [])).toEqual({ age: [30], town: ['Ulm'], sizes: [2, 2.75] });
  expect(found?.words).toBe('the middle of each value in the 4 samples of the version');
});

test('have the text that is there most of columns that numbers stand for, where there are as many', () => {
  const column = { input: 'x', datatype: 'FP32' as const, shape: [] };
  const texts = ['red', 'green', 'blue'];
  const columns = [
    { ...column, name: 'n' },
    { ...column, name: 'color', texts },
    { ...column, name: 'm' },
  ];
  const rows = [
    [1, 1, 0, 0, 5],
    [2, 0, 1, 0, 7],
    [3, 0, 0, 1, 9],
    [8, 0, 0, 1, 9],
    [9, 1, 0, 0, 2],
    [9, 0, 0, 1, 2],
  ];
  const text = lines(...rows.map((x) => ({ x: [x], y: [1, 2] })));
  const found = typicalInputs(text, [...columns, { ...column, name: 'n', input: 'y' }]);
  // Of the numbers by themselves the middle is no colour.
  expect(found?.values.get('x')).toEqual([3, 0, 0, 1, 5]);
  expect(found?.values.get('y')).toEqual([1, 2]);
  expect(typicalInputs(text, columns.slice(0, 2))?.values.get('x')).toEqual([3, 0, 0, 0, 5]);
});

test('are none of inputs that are now longer, now shorter, nor of samples that do not hold', () => {
  expect([...(typicalInputs(lines({ x: [1, 2], y: 1 }, { x: [1], y: 1 }))?.values.keys() ?? [])]).toEqual(['y']);
  expect(typicalInputs('{"inputs": 3}')).toBeUndefined();
});

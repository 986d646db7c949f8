import { expect, test } from '@jest/globals';
import { typicalInputs } from '../../../src/core/explain/typical-inputs.ts';

const lines = (...inputs: readonly object[]) => inputs.map((each) => JSON.stringify({ inputs: each })).join('\n');

test('are the middle of numbers, of an even number of whole ones one of them, and the text that is there most', () => {
  const found = typicalInputs(
    lines(
      { age: [[40]], town: [['Bonn']], sizes: [[1, -5]] },
      { age: [[20]], town: [['Ulm']], sizes: [[3, 10]] },
      { age: [[31]], town: [['Ulm']], sizes: [[2, 2.5]] },
      { age: [[30]], town: [['Jena']], sizes: [[9, 3]] },
    ),
    (name) => name === 'sizes',
  );
  expect(Object.fromEntries(found?.values ?? [])).toEqual({ age: [30], town: ['Ulm'], sizes: [2.5, 2.75] });
  expect(found?.words).toBe('the middle of each value in the 4 samples of the version');
});

test('are none of inputs that are now longer, now shorter, nor of samples that do not hold', () => {
  expect([...(typicalInputs(lines({ x: [1, 2], y: 1 }, { x: [1], y: 1 }), () => true)?.values.keys() ?? [])]).toEqual([
    'y',
  ]);
  expect(typicalInputs('{"inputs": 3}', () => true)).toBeUndefined();
});

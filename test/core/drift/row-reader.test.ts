import { expect, test } from '@jest/globals';
import { RowReader } from '../../../src/core/drift/row-reader.ts';

function partsOf(size: number, side: 'input' | 'output' = 'input') {
  return new RowReader('x', { datatype: 'FP32', shape: [1, size], data: new Uint8Array(4 * size) }).parts(side);
}

test('looks at each element of short rows and at the classes of outputs', () => {
  expect(partsOf(3)).toEqual([0, 1, 2]);
  expect(partsOf(1, 'output')).toEqual([0]);
  expect(partsOf(3, 'output')).toEqual([0, 1, 2, 'largest']);
  expect(partsOf(0)).toEqual([]);
});

test('keeps the same parts for long rows of all sizes', () => {
  expect(partsOf(5000)).toEqual(['mean', 'deviation']);
  expect(partsOf(7000)).toBe(partsOf(5000));
});

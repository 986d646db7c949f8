import { expect, test } from '@jest/globals';
import { typicalRow } from '../../../src/core/explain/typical-row.ts';
import type { TaskColumn } from '../../../src/core/tasks/step.ts';

const column = (name: string, input: string, more: Partial<TaskColumn> = {}): TaskColumn => ({
  name,
  input,
  datatype: 'FP32',
  shape: [],
  ...more,
});
const typical = (values: Readonly<Record<string, readonly unknown[]>>) => ({
  values: new Map(Object.entries(values)),
  words: '',
});

test('columns have what the inputs that they fill have', () => {
  const columns = [
    column('n', 'x'),
    column('color', 'x', { texts: ['red', 'blue'], datatype: 'BYTES' }),
    column('sizes', 'y', { shape: [-1] }),
    column('n', 'z'),
  ];
  const row = typicalRow(columns, typical({ x: [3, 0, 1], y: [1, 2], z: [3] }));
  expect(row).toEqual([3, 'blue', 1, 2]);
  // Of several inputs that it fills one has something else.
  expect(typicalRow(columns, typical({ x: [3, 0, 1], y: [1, 2], z: [4] }))).toBeUndefined();
  expect(typicalRow(columns, typical({ x: [3, 0, 1], y: [1, 2] }))).toBeUndefined();
  expect(typicalRow(columns, typical({ x: [3, 0, 1, 5], y: [1, 2], z: [3] }))).toBeUndefined();
});

import { expect, test } from '@jest/globals';
import { otherSizes } from '../../../src/core/factory/other-sizes.ts';
import type { Run } from '../../../src/ports/session.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

const x: TensorSpec = { name: 'x', datatype: 'FP32', shape: [-1, -1] };

function run(rows: number, columns: number): Run {
  const tensor = floatTensor([rows, columns], new Array(rows * columns).fill(0));
  return { inputNames: ['x'], inputs: [tensor], outputNames: ['y'] };
}

test('beside a source, each free dimension grows: by one, and to twice the largest', () => {
  const tried = otherSizes([x], [run(1, 8), run(1, 20)], true);
  expect(tried.map(({ shapes }) => shapes[0])).toEqual([
    [2, 8],
    [3, 8],
    [1, 9],
    [1, 40],
  ]);
});

test('without one it does not: no text is longer than its model has places for', () => {
  const tried = otherSizes([x], [run(1, 8), run(1, 20)], false);
  expect(tried.map(({ shapes }) => shapes[0])).toEqual([
    [2, 8],
    [3, 8],
    [1, 7],
    [1, 4],
  ]);
});

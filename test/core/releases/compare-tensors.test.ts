import { expect, test } from '@jest/globals';
import { compareTensors } from '../../../src/core/releases/compare-tensors.ts';
import type { Tensor } from '../../../src/protocol/tensor.ts';
import { floatTensor } from '../../fakes/float-tensor.ts';

function texts(...values: string[]): Tensor {
  return { datatype: 'BYTES', shape: [values.length], data: values.map((value) => new TextEncoder().encode(value)) };
}

function longs(...values: bigint[]): Tensor {
  return { datatype: 'INT64', shape: [values.length], data: new Uint8Array(BigInt64Array.from(values).buffer) };
}

test('the largest difference, where it is, and rows with another best class', () => {
  const before = floatTensor([3, 2], [0.25, 0.75, 100, 0, 1, 3]);
  const after = floatTensor([3, 2], [0.5, 0.25, 101, 0, 1, 2]);
  expect(compareTensors(after, before)).toEqual({
    largest: 1,
    relative: 0.5,
    place: 1,
    actual: 0.25,
    expected: 0.75,
    flips: 1,
    rows: 3,
  });
});

test('whole numbers and texts are the same or not', () => {
  expect(compareTensors(longs(1n, 2n ** 60n), longs(1n, 2n ** 60n + 1n))).toMatchObject({
    largest: 1,
    relative: Number.POSITIVE_INFINITY,
    place: 1,
    flips: 1,
    rows: 2,
  });
  expect(compareTensors(texts('a', 'b'), texts('a', 'c'))).toMatchObject({ actual: 'b', expected: 'c', flips: 1 });
  expect(compareTensors(texts('a'), texts('a'))).toMatchObject({ largest: 0, relative: 0, flips: 0 });
});

test('NaN is as far from a number as can be, and as near to NaN', () => {
  const [nan, one] = [floatTensor([1], [Number.NaN]), floatTensor([1], [1])];
  expect(compareTensors(nan, one).relative).toBe(Number.POSITIVE_INFINITY);
  expect(compareTensors(one, nan).relative).toBe(Number.POSITIVE_INFINITY);
  expect(compareTensors(nan, nan).relative).toBe(0);
});

test('nothing is like nothing', () => {
  expect(compareTensors(floatTensor([0, 3], []), floatTensor([0, 3], []))).toMatchObject({ largest: 0, rows: 0 });
});

import { expect, test } from '@jest/globals';
import { sampleTensor } from '../../../src/core/releases/sample-tensor.ts';
import type { Datatype } from '../../../src/protocol/datatype.ts';
import { defaultLimits } from '../../../src/settings.ts';

const tensor = (datatype: Datatype, value: unknown) =>
  sampleTensor({ name: 'x', datatype, shape: [-1, 2] }, value, defaultLimits);

test('samples may have numbers that JSON lacks, as answers spell them', () => {
  const { shape, data } = tensor('FP32', [
    ['NaN', 1.5],
    ['-Infinity', 'Infinity'],
  ]);
  const { buffer, byteOffset } = data as Uint8Array;
  expect(shape).toEqual([2, 2]);
  expect([...new Float32Array(buffer, byteOffset, 4)]).toEqual([Number.NaN, 1.5, -Infinity, Infinity]);
  const double = tensor('FP64', [2, 'NaN']).data as Uint8Array;
  expect([...new Float64Array(double.buffer, double.byteOffset, 2)]).toEqual([2, Number.NaN]);
});

test('other texts are no numbers, whole numbers have no NaN, and texts stay what they are', () => {
  expect(() => tensor('FP32', ['nan', 1])).toThrow("input 'x'");
  expect(() => tensor('INT64', ['NaN', 1])).toThrow("input 'x'");
  expect(tensor('BYTES', ['NaN', 'a']).data).toEqual([new TextEncoder().encode('NaN'), new TextEncoder().encode('a')]);
});

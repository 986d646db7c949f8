import { expect, test } from '@jest/globals';
import { recordLayout } from '../../../src/core/batch/record-layout.ts';
import { stackRecords } from '../../../src/core/batch/stack-records.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';

const spec = (shape: readonly number[]): TensorSpec => ({ name: 'x', datatype: 'UINT8', shape });

test.each([
  ['a batch of any size', [-1, 3], [3], [1, 3]],
  ['a batch of one', [1, 3], [3], [1, 3]],
  ['a first dimension that is no batch’s', [2, -1, 3], [2, -1, 3], [2, 1, 3]],
  ['no dimensions', [], [], []],
])('a record fills its part of an input with %s', (_name, shape, ofRecord, ofRun) => {
  expect(recordLayout([spec(shape)], {})[0]?.shape).toEqual(ofRecord);
  const tensor = {
    datatype: 'UINT8' as const,
    shape: ofRecord.map((size) => Math.abs(size)),
    data: new Uint8Array(ofRun.reduce((product, size) => product * size, 1)),
  };
  expect(stackRecords([spec(shape)], [{ tensors: [tensor], kept: [] }])[0]?.shape).toEqual(ofRun);
});

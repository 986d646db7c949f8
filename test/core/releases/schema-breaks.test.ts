import { expect, test } from '@jest/globals';
import { schemaBreaks } from '../../../src/core/releases/schema-breaks.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';

function spec(name: string, shape: readonly number[], more: Partial<TensorSpec> = {}): TensorSpec {
  return { name, datatype: 'FP32', shape, ...more };
}
const old = { inputs: [spec('x', [-1, 4])], outputs: [spec('y', [-1, 3])] };

test.each([
  [{ inputs: [spec('x', [-1, -1])], outputs: [spec('y', [2, 3]), spec('more', [1])] }],
  [{ inputs: [spec('x', [-1], { anyRank: true })], outputs: [spec('y', [-1, 3])] }],
])('callers can go on with %j', (next) => {
  expect(schemaBreaks(old, next)).toEqual([]);
});

test.each([
  [{ inputs: [spec('x', [1, 4])] }, "input 'x' takes [1,4], it took [-1,4]"],
  [{ inputs: [spec('x', [-1, 5])] }, "input 'x' takes [-1,5], it took [-1,4]"],
  [{ inputs: [spec('x', [-1, 4, 1])] }, "input 'x' takes [-1,4,1], it took [-1,4]"],
  [{ inputs: [spec('z', [-1, 4])] }, "input 'x' is gone", "input 'z' is asked for, which callers do not send"],
  [{ outputs: [spec('y', [-1, -1])] }, "output 'y' gives [-1,-1], it gave [-1,3]"],
  [{ outputs: [spec('y', [-1], { anyRank: true })] }, "output 'y' gives any shape, it gave [-1,3]"],
  [{ outputs: [spec('y', [-1, 3], { datatype: 'FP16' })] }, "output 'y' is FP16, it was FP32"],
  [{ outputs: [] }, "output 'y' is gone"],
])('callers cannot go on with %j', (next, ...breaks) => {
  expect(schemaBreaks(old, { ...old, ...next })).toEqual(breaks);
});

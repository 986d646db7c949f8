import { expect, test } from '@jest/globals';
import { expandFields } from '../../../src/core/batch/expand-fields.ts';

test.each([
  ['p0..p3', ['p0', 'p1', 'p2', 'p3']],
  ['x08..x10', ['x08', 'x09', 'x10']],
  ['0..1', ['0', '1']],
  ['text', ['text']],
  ['a1..b2', ['a1..b2']],
  ['p3..p0', ['p3..p0']],
  ['p0..p99999999999', ['p0..p99999999999']],
])('%s names %j', (name, fields) => {
  expect(expandFields(name)).toEqual(fields);
});

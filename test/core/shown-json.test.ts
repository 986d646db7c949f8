import { expect, test } from '@jest/globals';
import { shownJson } from '../../src/core/shown-json.ts';

test.each([
  [undefined, 'nothing'],
  [null, 'null'],
  [-0.1, '-0.1'],
  ['a', '"a"'],
  [{ a: [1, { b: null }] }, '{"a":[1,{"b":null}]}'],
])('%j reads %s', (value, text) => {
  expect(shownJson(value)).toBe(text);
});

test('of a long value no more is written than is shown', () => {
  let written = 0;
  const item = {
    toJSON: () => {
      written += 1;
      return 1;
    },
  };
  expect(shownJson(Array.from({ length: 1000 }, () => item))).toMatch(/^\[1,1,1/);
  expect(written).toBeLessThan(30);
  expect(shownJson('x'.repeat(1000))).toHaveLength(101);
  expect(shownJson(Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`a${index}`, 1])))).toHaveLength(101);
});

import { expect, test } from '@jest/globals';
import { fieldsIn } from '../../../src/adapters/training/fields-in.ts';

test('fields are those of an object, also where it has numbers that JSON has not', () => {
  expect(fieldsIn('{"a": NaN, "NaN b": [-Infinity,NaN], "c": "x"}')).toEqual(['a', 'NaN b', 'c']);
  for (const line of ['[{"a": 1}]', 'null', '7', '{"a": 1', '{"a": nan}']) expect(fieldsIn(line)).toBeUndefined();
});

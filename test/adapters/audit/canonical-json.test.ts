import { expect, test } from '@jest/globals';
import { canonicalJson } from '../../../src/adapters/audit/canonical-json.ts';

test('has one form of a value, whatever the order of its members', () => {
  const value = { b: [1, { z: null, a: 'ü"\n' }], '10': 1e21, '9': 0.1, left: undefined, a: true };
  expect(canonicalJson(value)).toBe('{"10":1e+21,"9":0.1,"a":true,"b":[1,{"a":"ü\\"\\n","z":null}]}');
  expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(canonicalJson(value));
  expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
});

import { expect, test } from '@jest/globals';
import { jsonBody } from '../../src/http/json-body.ts';

const form = 'application/x-www-form-urlencoded';
const read = (body: Uint8Array | string, type?: string, orNothing?: boolean) =>
  jsonBody({ body: Buffer.from(body), headers: { 'content-type': type } }, orNothing);

test('an object is read whatever its type is called, and nothing is one without fields', () => {
  expect(read('{"a": 1}', form)).toEqual({ a: 1 });
  expect(read('')).toEqual({});
  expect(read('\ufeff{"a": 1}')).toEqual({ a: 1 });
});

test.each([
  ['{"a": [1, 2}', form, /^the body is not JSON: .* at position 11 .*; send an object$/],
  ['{"a"', 'application/json', /^the body is not JSON: .*; send an object$/],
  [
    Uint8Array.of(0x50, 0x4b, 3, 4, 0xff),
    form,
    /it is not UTF-8; send an object; Content-Type says .*-urlencoded: a file/,
  ],
  [
    Uint8Array.of(0xff, 0xd8),
    '',
    /it is not UTF-8; send an object; there is no Content-Type: a file is sent with its own/,
  ],
  // A PNG, in which there are more of them than JSON may have levels.
  [
    Uint8Array.from([0x89, ...Array.from({ length: 200 }, () => 0x5b)]),
    '',
    /^the body is not JSON: it is not UTF-8; send an object; there is no Content-Type: a file is sent with its own/,
  ],
  [' \n'.repeat(200) + '['.repeat(200), '', /^the JSON nests deeper than 128 levels/],
  [`\ufeff \n{"a": ${'['.repeat(200)}${']'.repeat(200)}}`, '', /^the JSON nests deeper than 128 levels/],
  ['a=b', form, /Unexpected token 'a'.*; Content-Type says/],
  ['[]', 'application/json', /^the body is JSON but no object; send an object$/],
])('of %p as %s is said what is wrong', (body, type, words) => {
  expect(() => read(body, type)).toThrow(words);
});

test('nothing is advised where nothing is enough', () => {
  expect(() => read('[]', undefined, true)).toThrow(/; send an object, or nothing$/);
});

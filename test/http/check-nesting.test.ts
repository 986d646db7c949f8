import { expect, test } from '@jest/globals';
import { checkNesting } from '../../src/http/check-nesting.ts';

const check = (json: string) => () => checkNesting(new TextEncoder().encode(json));

test('what lies too deep is refused before anything goes down there', () => {
  expect(check(`${'['.repeat(128)}${']'.repeat(128)}`)).not.toThrow();
  expect(check(`${'['.repeat(129)}${']'.repeat(129)}`)).toThrow('deeper than 128 levels');
  expect(check('{"a":'.repeat(1_000_000))).toThrow('deeper than 128 levels');
});

test('brackets within texts, and one behind the other, are no levels', () => {
  expect(check(JSON.stringify({ a: '['.repeat(1000), b: `"${'{'.repeat(1000)}\\` }))).not.toThrow();
  expect(check(JSON.stringify(['\\', '['.repeat(1000), '\\\\"', '{'.repeat(1000)]))).not.toThrow();
  expect(check(`[${'[],'.repeat(1000)}[]]`)).not.toThrow();
  expect(check(`"${'['.repeat(1000)}`)).not.toThrow();
});

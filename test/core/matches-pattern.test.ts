import { expect, test } from '@jest/globals';
import { matchesPattern } from '../../src/core/matches-pattern.ts';

test.each([
  ['fraud', 'fraud', true],
  ['fraud', 'frauds', false],
  ['fraud', 'Fraud', false],
  ['*', '', true],
  ['*', 'a.b-c', true],
  ['team-*', 'team-', true],
  ['team-*', 'team', false],
  ['*-v2', 'fraud-v2', true],
  ['*-v2', 'fraud-v2x', false],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'acb', false],
  ['ab*ba', 'aba', false],
  ['a*a', 'a', false],
  ['**', 'x', true],
  ['a.c', 'abc', false],
  ['', '', true],
  ['', 'a', false],
])('%s and %s: %s', (pattern, name, expected) => {
  expect(matchesPattern(pattern, name)).toBe(expected);
});

test('a pattern of many stars takes no longer than its letters', () => {
  expect(matchesPattern('*a'.repeat(5000), 'a'.repeat(4999))).toBe(false);
});

import { expect, test } from '@jest/globals';
import { matchesPattern } from '../../src/core/matches-pattern.ts';

test.each([
  ['fraud', 'fraud', true],
  ['fraud', 'frauds', false],
  ['fraud', 'Fraud', false],
  ['*', 'a.b-c', true],
  ['*', '*', true],
  ['team-*', 'team-', true],
  ['team-*', 'team-a', true],
  ['team-*', 'team', false],
  ['team-*', '*', false],
  ['*-v2', 'fraud-v2', false],
  ['', 'a', false],
])('%s and %s: %s', (pattern, name, expected) => {
  expect(matchesPattern(pattern, name)).toBe(expected);
});

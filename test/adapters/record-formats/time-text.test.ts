import { expect, test } from '@jest/globals';
import { timeCount, timeText } from '../../../src/adapters/record-formats/time-text.ts';

test.each([
  [0n, 3, '1970-01-01T00:00:00.000Z'],
  [1_767_323_045_123_456n, 6, '2026-01-02T03:04:05.123456Z'],
  [1_767_323_045_000_000_001n, 9, '2026-01-02T03:04:05.000000001Z'],
  [-1n, 6, '1969-12-31T23:59:59.999999Z'],
  [-62_198_755_200_000n, 3, '-000001-01-01T00:00:00.000Z'],
  [2n ** 63n - 1n, 6, '9223372036854775807'],
  [-(2n ** 63n), 3, '-9223372036854775808'],
])('%s with %s digits is %s, and that is it again', (count, digits, text) => {
  expect(timeText(count, digits)).toBe(text);
  expect(timeCount(text, digits)).toBe(count);
});

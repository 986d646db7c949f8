import { expect, test } from '@jest/globals';
import { leftOutWords } from '../../../src/core/explain/left-out-words.ts';

test('say which parts are left out', () => {
  const shown = ['a', 'b', 'c'].map((feature) => ({ feature }));
  expect(leftOutWords({ shown }, Uint8Array.of(1, 1, 1))).toBeUndefined();
  expect(leftOutWords({ shown }, Uint8Array.of(1, 0, 1))).toBe("where 'b' is left out");
  expect(leftOutWords({ shown }, Uint8Array.of(1, 0, 0))).toBe("where 'b' and 1 more are left out");
  expect(leftOutWords({ shown }, Uint8Array.of(0, 0, 0))).toBe('to the baseline');
  const spans = [{ start: 0 }, { start: 1 }];
  expect(leftOutWords({ shown: spans }, Uint8Array.of(1, 0))).toBe('where 1 of 2 parts are left out');
});

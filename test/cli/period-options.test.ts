import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { periodOf } from '../../cli/period-options.ts';

beforeEach(() => void jest.useFakeTimers({ now: Date.parse('2026-11-29T23:30:00Z') }));
afterEach(() => void jest.useRealTimers());

test.each([
  [{}, ['2026-11-23', '2026-11-29']],
  [{ from: '2026-11-01' }, ['2026-11-01', '2026-11-29']],
  [{ to: '2026-03-01' }, ['2026-02-23', '2026-03-01']],
  [{ from: '2026-11-02', to: '2026-11-02' }, ['2026-11-02', '2026-11-02']],
])('%j is a period of days of UTC, both of them included', (options, days) => {
  expect(periodOf(options, 7)).toEqual(days);
});

test('a period that ends before it begins is refused', () => {
  expect(() => periodOf({ from: '2026-11-03', to: '2026-11-02' }, 7)).toThrow(
    'expected --from before --to, or on the same day, got 2026-11-03 and 2026-11-02',
  );
});

import { expect, test } from '@jest/globals';
import { grouped } from '../../cli/grouped.ts';

test.each([
  [0, '0'],
  [0.06, '0.1'],
  [9.94, '9.9'],
  [9.96, '10'],
  [999.4, '999'],
  [1000, '1,000'],
  [1234567.8, '1,234,568'],
])('%s is said as %s', (value, text) => {
  expect(grouped(value)).toBe(text);
});

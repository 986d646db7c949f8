import { expect, test } from '@jest/globals';
import { parseLimit } from '../../cli/parse-limit.ts';
import { defaultLimits } from '../../src/settings.ts';

test.each([
  ['maxBodyBytes=1000', 1000],
  ['maxBodyBytes=2k', 2048],
  ['maxBodyBytes=1M', 1024 ** 2],
  ['maxBodyBytes=3GiB', 3 * 1024 ** 3],
])('%s', (text, maxBodyBytes) => {
  expect(parseLimit(text, defaultLimits)).toEqual({ ...defaultLimits, maxBodyBytes });
});

import { expect, test } from '@jest/globals';
import { tokenBound } from '../../../src/core/hugging-face/token-bound.ts';

test.each([
  [512, 512],
  [10_485_760, 10_485_760],
  [1e30, undefined],
  [1e20, undefined],
  [2, undefined],
  [-1, undefined],
  [0.5, undefined],
  ['512', undefined],
  [undefined, undefined],
])('%j is a bound of %j tokens', (value, bound) => expect(tokenBound(value)).toBe(bound));

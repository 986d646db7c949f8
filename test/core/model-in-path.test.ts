import { expect, test } from '@jest/globals';
import { modelInPath } from '../../src/core/model-in-path.ts';

test.each([
  ['/v2/models/fraud/infer', 'fraud'],
  ['/base/v2/models/fraud/versions/3/infer', 'fraud'],
  ['/v2/repository/models/fraud/load', 'fraud'],
  ['/v2/models/a%20b', 'a b'],
  ['/v2/models/a%1b%5B31m', 'a\u{fffd}[31m'],
  ['/v2/models/a%2', 'a%2'],
  [`/v2/models/${'x'.repeat(500)}`, 'x'.repeat(256)],
  ['/v2/models/stats', undefined],
  ['/v2/models', undefined],
  ['/v1/chat/completions', undefined],
])('of %s it is %s', (path, model) => {
  expect(modelInPath(path)).toBe(model);
});

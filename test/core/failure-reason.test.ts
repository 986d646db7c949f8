import { expect, test } from '@jest/globals';
import { CutError } from '../../src/core/cut-error.ts';
import { failureReason } from '../../src/core/failure-reason.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

test.each([
  ['refused before it ran', new ServiceError(503, 'full'), 'REJECTED'],
  ['ended by its deadline', new ServiceError(504, 'late'), 'CANCELED'],
  ["cut at the server's end", new CutError(), 'CANCELED'],
  ['failed in the runtime', new ServiceError(500, 'broken'), 'BACKEND'],
  ['failed in us', new Error('a slip'), 'BACKEND'],
  ['wrong as it came', new ServiceError(400, 'no'), 'OTHER'],
])('what was %s', (_, error, reason) => {
  expect(failureReason(error)).toBe(reason);
});

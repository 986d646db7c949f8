import { expect, test } from '@jest/globals';
import { failureAt } from '../../src/protocol/failure-at.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

test('a failure has its place in front, and stays what programs tell it by', () => {
  const given = { field: 'input', code: 'context_length_exceeded' };
  const error = failureAt('item 3', new ServiceError(400, 'too long', given));
  expect(error).toMatchObject({ status: 400, message: 'item 3: too long', ...given });
});

test.each([new ServiceError(503, 'busy', { retryAfterSeconds: 1 }), new Error('a fault')])(
  '%p is no fault of an item',
  (error) => {
    expect(failureAt('item 3', error)).toBe(error);
  },
);

import { expect, test } from '@jest/globals';
import { keyCaller } from '../../src/adapters/api-keys/key-caller.ts';
import { toldTo } from '../../src/core/told-to.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';

const error = new ServiceError(503, 'secret fails', { discreet: 'something fails', retryAfterSeconds: 2, code: 'c' });

test('who may use but some models is told of no others, and of all else', () => {
  expect(toldTo(keyCaller({ name: 'some', models: ['a'] }), error)).toMatchObject({
    status: 503,
    message: 'something fails',
    retryAfterSeconds: 2,
    code: 'c',
  });
});

test.each([
  ['who may use all', keyCaller({ name: 'all' }), error],
  ['who needs no key', undefined, error],
  ['whose error names no other', keyCaller({ name: 'some', models: [] }), new ServiceError(400, 'wrong')],
  ['what is a fault of ours', keyCaller({ name: 'some', models: [] }), new Error('broken')],
])('%s: is told as it is', (_who, caller, given) => {
  expect(toldTo(caller, given)).toBe(given);
});

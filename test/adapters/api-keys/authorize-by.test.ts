import { describe, expect, test } from '@jest/globals';
import { authorizeBy } from '../../../src/adapters/api-keys/authorize-by.ts';
import { hashKey } from '../../../src/adapters/api-keys/hash-key.ts';
import { allModels } from '../../../src/ports/caller.ts';

const entry = (name: string, more = {}) => ({ name, sha256: hashKey(`key-of-${name}`).toString('hex'), ...more });

describe('authorizeBy', () => {
  const authorize = authorizeBy(
    [
      entry('plain'),
      entry('narrow', { models: ['fraud', 'team-*'], actions: ['infer', 'read'] }),
      entry('operator', { actions: ['admin'] }),
      entry('late', { expires: '2026-01-01' }),
      entry('nothing', { models: [], actions: [] }),
    ],
    { now: () => Date.parse('2026-01-01T00:00:00Z') },
  );
  const by = (name: string) => ({ 'x-api-key': `key-of-${name}` });

  test.each([
    ['x-api-key', by('plain')],
    ['bearer', { authorization: 'Bearer key-of-plain' }],
    ['bearer in small letters', { authorization: 'bearer  key-of-plain ' }],
    ['both: x-api-key counts', { ...by('plain'), authorization: 'Basic abc' }],
  ])('takes a key as %s, and says whose it is', (_how, headers) => {
    expect(authorize(headers).name).toBe('plain');
  });

  test.each([
    ['none', {}, 'an API key is needed: send x-api-key, or authorization: Bearer'],
    ['another scheme', { authorization: 'Basic key-of-plain' }, 'an API key is needed'],
    ['an empty one', { 'x-api-key': '' }, 'the API key is not known here, or was revoked'],
    ['an unknown one', { 'x-api-key': 'key-of-plai' }, 'the API key is not known here'],
    ['an unknown one beside a good one', { 'x-api-key': 'no', authorization: 'Bearer key-of-plain' }, 'not known'],
    ['a hash', { 'x-api-key': entry('plain').sha256 }, 'the API key is not known here'],
    ['one that is over', by('late'), "the API key 'late' expired at 2026-01-01"],
  ])('refuses %s with 401', (_what, headers, message) => {
    expect(() => authorize(headers)).toThrow(
      expect.objectContaining({ status: 401, message: expect.stringContaining(message) }),
    );
  });

  test.each([
    ['plain', 'fraud', 'admin', "the API key 'plain' is not good for 'admin', but for infer, read"],
    ['plain', undefined, 'push', "not good for 'push'"],
    ['narrow', 'iris', 'infer', "the API key 'narrow' is not good for model 'iris', but for fraud, team-*"],
    ['narrow', 'team', 'infer', "not good for model 'team'"],
    ['narrow', allModels, 'read', 'not good for this, which concerns all models, but for fraud, team-*'],
    ['operator', 'fraud', 'infer', "not good for 'infer', but for admin"],
    ['nothing', 'fraud', 'infer', "not good for 'infer', but for nothing"],
  ] as const)('refuses %s with 403 for model %s and %s', (name, model, action, message) => {
    expect(() => authorize(by(name)).check(action, model)).toThrow(
      expect.objectContaining({ status: 403, message: expect.stringContaining(message) }),
    );
  });

  test.each([
    ['plain', undefined, 'read'],
    ['plain', allModels, 'infer'],
    ['narrow', 'fraud', 'infer'],
    ['narrow', 'team-a', 'infer'],
    ['narrow', undefined, 'read'],
    ['operator', 'fraud', 'admin'],
  ] as const)('lets %s through for model %s and %s', (name, model, action) => {
    expect(() => authorize(by(name)).check(action, model)).not.toThrow();
  });

  test('shows a caller the models that its key is good for, and no others', () => {
    const seen = (name: string) => ['fraud', 'iris', 'team-a', allModels].filter(authorize(by(name)).sees);
    expect(seen('plain')).toEqual(['fraud', 'iris', 'team-a', allModels]);
    expect(seen('narrow')).toEqual(['fraud', 'team-a']);
    expect(seen('nothing')).toEqual([]);
  });
});

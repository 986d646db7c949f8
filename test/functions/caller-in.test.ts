import { describe, expect, test } from '@jest/globals';
import { callerIn } from '../../functions/caller-in.ts';
import type { KeyEntry } from '../../src/adapters/api-keys/key-entry.ts';
import { allModels } from '../../src/ports/caller.ts';
import { lambdaEvent } from './lambda-event.ts';

const role = 'arn:aws:iam::123456789012:role/reader';
const session = 'arn:aws:sts::123456789012:assumed-role/reader/i-0abc';
const user = 'arn:aws:iam::123456789012:user/ci/eve';

describe('who called the function', () => {
  let requestsToday = 0;
  let refreshed = 0;
  const usage = {
    of: () => ({ requestsToday, requestsThisMonth: 0, costToday: 0 }),
    ensure: async () => {
      refreshed += 1;
    },
  };
  const by = (principal: string | undefined, entries: readonly KeyEntry[], policy?: object) => {
    const event = lambdaEvent('GET', '/v2/models');
    Object.assign(event.requestContext, {
      identity: principal === undefined ? { apiKeyId: 'key-1' } : { userArn: principal },
      ...(policy && { authorizer: { policy: JSON.stringify(policy) } }),
    });
    return callerIn(event, { policies: { entries: async () => entries }, usage });
  };

  test.each([
    ['the role that it has taken on', session, role],
    ['its own ARN', user, user],
    ['the beginning of its ARN', user, 'arn:aws:iam::123456789012:user/ci/*'],
    ['one session of a role', session, session],
  ])('a principal is known by %s', async (_how, principal, pattern) => {
    const caller = await by(principal, [
      { name: 'other', principal: 'arn:aws:iam::1:user/x' },
      { name: 'p', principal: pattern, models: ['a'] },
    ]);
    expect([caller.name, caller.sees('a'), caller.sees('b')]).toEqual(['p', true, false]);
  });

  test.each([
    ['another role', session, 'arn:aws:iam::123456789012:role/read'],
    ['another account', session, 'arn:aws:iam::123456789013:role/reader'],
    ['another user', user, 'arn:aws:iam::123456789012:user/ci'],
  ])('a policy of %s is none of its', async (_what, principal, pattern) => {
    const caller = await by(principal, [{ name: 'p', principal: pattern, models: ['a'] }]);
    expect([caller.name, caller.sees(allModels)]).toEqual([principal, true]);
    expect(() => caller.check('admin', allModels)).not.toThrow();
  });

  test('a key has the policy that the authorizer passes on; without one it may do all', async () => {
    expect((await by(undefined, [], { name: 'acme', models: ['a'] })).sees('b')).toBe(false);
    const free = await by(undefined, [{ name: 'p', principal: role, models: ['a'] }]);
    expect([free.name, free.sees(allModels)]).toEqual(['key-1', true]);
  });

  test('what has a quota is asked what it has used, of all environments; what has none, not', async () => {
    await by(undefined, [], { name: 'acme' });
    expect(refreshed).toBe(0);
    const policy = { name: 'acme', quota: { requests: 2, per: 'day' } };
    const caller = await by(undefined, [], policy);
    expect(refreshed).toBe(1);
    expect(() => caller.check('infer', 'm')).not.toThrow();
    requestsToday = 2;
    expect(() => caller.check('infer', 'm')).toThrow(expect.objectContaining({ status: 429 }));
    const event = lambdaEvent('GET', '/v2/models');
    event.requestContext.authorizer = { policy: JSON.stringify(policy) };
    await expect(callerIn(event, { policies: undefined, usage: undefined })).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining("'acme' has a limit on use, and this deployment counts nobody's"),
    });
  });

  test('what is over, or cannot be read, lets nobody pass', async () => {
    const over = by(session, [{ name: 'p', principal: role, expires: '2020-01-01' }]);
    await expect(over).rejects.toMatchObject({ status: 401 });
    const event = lambdaEvent('GET', '/v2/models');
    Object.assign(event.requestContext, { identity: { userArn: user } });
    const broken = callerIn(event, {
      policies: { entries: () => Promise.reject(new Error('broken')) },
      usage,
    });
    await expect(broken).rejects.toThrow('broken');
  });
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { checkChange } from '../../../src/adapters/api-keys/check-change.ts';
import { FakeS3 } from '../../fakes/fake-s3.ts';

const s3 = new FakeS3();
const before = { ...process.env };
beforeEach(() => {
  Object.assign(process.env, s3.environment);
});
afterEach(() => {
  process.env = { ...before };
});

const root = 's3://models/root';
const arn = 'arn:aws:iam::123456789012:user/ci';

describe('a change of a model repository by an IAM principal', () => {
  const check = (action: 'push' | 'promote' | 'admin', model: string | undefined, who = arn, uri = root) =>
    checkChange(uri, action, model, async () => who);
  const policies = (...keys: object[]) => s3.put('root/.access/policies.json', JSON.stringify({ keys }));
  const pusher = { name: 'ci', principal: arn, models: ['fraud'], actions: ['push'] };

  test.each([
    ['push', 'iris', "not good for model 'iris', but for fraud"],
    ['promote', 'fraud', "not good for 'promote', but for push"],
    ['admin', undefined, "not good for 'admin', but for push"],
  ] as const)('is refused for %s of %s', async (action, model, message) => {
    policies(pusher);
    await expect(check(action, model)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining(message),
    });
  });

  test('is let through by a policy that has it, and where there is none of the principal, or none at all', async () => {
    await check('admin', undefined);
    policies(pusher);
    await check('push', 'fraud');
    await check('admin', undefined, 'arn:aws:iam::123456789012:user/eve');
    policies({ ...pusher, models: undefined, actions: ['admin'] });
    await check('admin', undefined);
  });

  test('of some models is no right to what concerns all', async () => {
    policies({ ...pusher, actions: ['admin'] });
    await expect(check('admin', undefined)).rejects.toThrow('concerns all models');
  });

  test('is refused once its policy is over', async () => {
    policies({ ...pusher, expires: '2020-01-01' });
    await expect(check('push', 'fraud')).rejects.toThrow(`the policy 'ci' of ${arn} was over at 2020-01-01`);
  });

  test('of a repository on this disk is between its users and the disk', async () => {
    await checkChange('/nowhere', 'push', 'fraud', () => Promise.reject(new Error('asked')));
  });
});

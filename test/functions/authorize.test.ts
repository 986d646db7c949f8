import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayAuthorizerResult } from 'aws-lambda';
import { hashKey } from '../../src/adapters/api-keys/hash-key.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';
import { isAllowed } from '../fakes/is-allowed.ts';

const stage = 'arn:aws:execute-api:eu-west-1:123456789012:abc123/api';
const entry = (name: string, more: object) => ({ name, sha256: hashKey(`key-of-${name}`).toString('hex'), ...more });

describe('the authorizer', () => {
  const s3 = new FakeS3(true);
  const before = { ...process.env };
  let ask: (headers: object) => Promise<APIGatewayAuthorizerResult>;
  let clock: number;
  const realNow = Date.now;

  beforeAll(async () => {
    process.env.TENSORGATE_MODELS = 's3://models/root';
    clock = realNow();
    Date.now = () => clock;
    const { handler } = await import('../../functions/authorize.ts');
    ask = (headers) => handler({ type: 'REQUEST', methodArn: `${stage}/POST/v2/models/m/infer`, headers } as never);
  });
  beforeEach(() => {
    Object.assign(process.env, s3.environment);
    // What was read before is old by now.
    clock += 60_000;
    const keys = [
      entry('one', { models: ['fraud', 'team-*'], quota: { requests: 5, per: 'day' } }),
      entry('reader', { actions: ['read'] }),
      entry('late', { expires: '2020-01-01' }),
      { name: 'ci', principal: 'arn:aws:iam::123456789012:role/ci' },
    ];
    s3.put('root/.access/policies.json', JSON.stringify({ keys }));
  });
  afterAll(() => {
    Date.now = realNow;
    process.env = before;
  });
  const by = (name: string) => ask({ 'X-API-Key': `key-of-${name}` });
  const may = async (name: string, method: string, path: string) =>
    isAllowed((await by(name)).policyDocument, `${stage}/${method}${path}`);

  test('passes the policy on, without the hash, and names the key by it', async () => {
    const { principalId, context } = await by('one');
    expect(principalId).toBe('one');
    const policy = { name: 'one', models: ['fraud', 'team-*'], quota: { requests: 5, per: 'day' } };
    expect(JSON.parse(String(context?.policy))).toEqual(policy);
  });

  test.each([
    ['one', 'POST', '/v2/models/fraud/infer', true],
    ['one', 'GET', '/v2/models/fraud', true],
    ['one', 'POST', '/v2/models/team-a/versions/3/infer', true],
    ['one', 'POST', '/v2/models/fraud2/infer', false],
    ['one', 'POST', '/v2/models/secret/infer', false],
    ['one', 'POST', '/v2/models/none/infer', false],
    ['one', 'POST', '/v2/models/secret/v1/fraud', false],
    ['one', 'POST', '/v2/models/secret/versions/fraud/infer', false],
    ['one', 'DELETE', '/v2/models/fraud/x', false],
    ['one', 'GET', '/v2/models', true],
    ['one', 'GET', '/openapi.json', true],
    ['one', 'POST', '/v1/embeddings', true],
    ['reader', 'GET', '/v2/models/secret', true],
    ['reader', 'POST', '/v2/models/secret/infer', false],
    ['late', 'GET', '/v2/models', false],
    ['late', 'POST', '/v2/models/fraud/infer', false],
    ['none', 'POST', '/v2/models/secret/infer', true],
    ['ci', 'POST', '/v2/models/secret/infer', true],
  ])('of %s, %s %s: %s', async (name, method, path, expected) => {
    expect(await may(name, method, path)).toBe(expected);
  });

  test('what it gives is for its own stage alone', async () => {
    const { policyDocument } = await by('reader');
    const other = stage.replace('abc123', 'xyz789');
    expect(isAllowed(policyDocument, `${stage}/GET/v2/models/m`)).toBe(true);
    expect(isAllowed(policyDocument, `${other}/GET/v2/models/m`)).toBe(false);
  });

  test('reads the policies again after seconds, not each time, and lets nobody pass where it cannot', async () => {
    await by('one');
    const asked = s3.requests.length;
    await by('reader');
    expect(s3.requests.length).toBe(asked);
    s3.put('root/.access/policies.json', JSON.stringify({ keys: [] }));
    expect((await by('one')).context).toBeDefined();
    clock += 6000;
    expect((await by('one')).context).toEqual({ caller: 'key' });
    clock += 6000;
    s3.put('root/.access/policies.json', '{');
    await expect(by('one')).rejects.toThrow();
    s3.fault = () => ({ status: 403, code: 'AccessDenied' });
    await expect(by('one')).rejects.toThrow('access is denied');
  });

  test('a key that was made a moment ago has its policy at once, for all that was read before', async () => {
    await by('reader');
    const keys = [entry('reader', { actions: ['read'] }), entry('new', { models: ['fraud'] })];
    s3.put('root/.access/policies.json', JSON.stringify({ keys }));
    expect((await by('new')).context).toEqual({
      caller: 'policy:new',
      policy: '{"name":"new","models":["fraud"]}',
    });
    const asked = s3.requests.length;
    await by('new');
    expect(s3.requests.length).toBe(asked);
  });

  test('a policy that API Gateway cannot hold is refused, not cut', async () => {
    const models = Array.from({ length: 100 }, (_, i) => `model-number-${i}`);
    s3.put('root/.access/policies.json', JSON.stringify({ keys: [entry('many', { models })] }));
    await expect(by('many')).rejects.toThrow("policy 'many' names more models than API Gateway takes");
  });
});

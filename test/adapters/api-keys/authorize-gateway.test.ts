import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { authorizeGateway } from '../../../src/adapters/api-keys/authorize-gateway.ts';
import { gatewayCaller } from '../../../src/adapters/api-keys/gateway-caller.ts';
import type { RunningServer } from '../../../src/adapters/running-server.ts';
import { startServer } from '../../../src/adapters/start-server.ts';
import type { Caller } from '../../../src/ports/caller.ts';
import { serverOptions } from '../../fakes/server-options.ts';

const role = 'arn:aws:iam::123456789012:role/reader';
const session = 'arn:aws:sts::123456789012:assumed-role/reader/somebody';
const entries = [
  { name: 'a "b" é', sha256: '0'.repeat(64), models: ['iris'] },
  { name: 'late', sha256: '1'.repeat(64), expires: '2020-01-01' },
  { name: 'spent', sha256: '2'.repeat(64), quota: { requests: 1, per: 'day' as const } },
  { name: 'reader', principal: role, actions: ['read' as const] },
];
const used = { requestsToday: 1, requestsThisMonth: 1, costToday: 0 };
const authorize = authorizeGateway(entries, { usageOf: () => used });
const by = (caller: string, keyId = '-'): Caller =>
  authorize({ 'x-tensorgate-caller': caller, 'x-tensorgate-key-id': keyId });

describe('a caller of whom API Gateway tells', () => {
  test('has the policy of its key, whatever that is called', () => {
    const words = gatewayCaller.words('a "b" é');
    expect(words).toMatch(/^[!-~]+$/);
    const caller = by(words, 'k1');
    expect([caller.name, caller.sees('iris'), caller.sees('digits')]).toEqual(['a "b" é', true, false]);
    expect(() => by(gatewayCaller.words('spent')).check('infer', 'iris')).toThrow(
      'has had 1 inferences this day, of 1',
    );
  });

  test.each([
    ['a role', role],
    ['who has taken it on', session],
  ])('has the policy of %s', (_who, arn) => {
    const caller = by(arn);
    expect(caller.name).toBe('reader');
    expect(() => caller.check('infer', 'iris')).toThrow("is not good for 'infer'");
  });

  test('may do all without one, and is known by the id of the key, or by its ARN', () => {
    const other = 'arn:aws:iam::123456789012:user/ann';
    for (const [caller, name] of [
      [by(gatewayCaller.words(), 'k7'), 'k7'],
      [by(other), other],
    ] as const) {
      caller.check('admin', '*');
      expect(caller.name).toBe(name);
    }
  });

  test.each([
    ['whose policy is over', gatewayCaller.words('late'), "the policy 'late' was over"],
    ['whose policy was revoked since', gatewayCaller.words('gone'), 'is not known here, or was revoked'],
    ['whose key has the name of a policy of a principal', gatewayCaller.words('reader'), 'is not known here'],
    ['of whom it says nothing', '', 'callers come by API Gateway here'],
  ])('%s may not pass', (_who, words, message) => {
    expect(() => by(words)).toThrow(
      expect.objectContaining({ status: 401, message: expect.stringContaining(message) }),
    );
  });
});

describe('a server behind API Gateway', () => {
  let root = '';
  let server: RunningServer;
  const policies = () => join(root, 'policies.json');
  const ask = async (headers: Record<string, string>, path = '/v2/models/iris') =>
    (await fetch(`${server.url}${path}`, { headers })).status;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'tensorgate-gateway-'));
    // That there are no policies yet is no fault.
    server = await startServer({
      ...serverOptions,
      models: 'models',
      gatewayPolicies: policies(),
      audit: 'off',
      usage: false,
    });
  });
  afterAll(async () => {
    await server.close(0);
    await rm(root, { recursive: true });
  });

  test('goes by its word, and by the policies as they are now', async () => {
    const principal = { 'x-tensorgate-caller': role, 'x-tensorgate-key-id': '-' };
    expect(await ask({}, '/v2/health/live')).toBe(200);
    expect(await ask({})).toBe(401);
    expect(await ask(principal)).toBe(200);
    await writeFile(policies(), JSON.stringify({ keys: [{ name: 'reader', principal: role, models: ['digits'] }] }));
    while ((await ask(principal)) !== 403) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await ask(principal, '/v2/models/digits')).toBe(200);
    expect(await ask({ 'x-tensorgate-caller': 'key', 'x-tensorgate-key-id': 'k1' })).toBe(200);
  });
});

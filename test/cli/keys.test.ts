import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { authorizeBy } from '../../src/adapters/api-keys/authorize-by.ts';
import { hashKey } from '../../src/adapters/api-keys/hash-key.ts';
import { FakeApiGateway } from '../fakes/fake-api-gateway.ts';
import { runCli } from '../fakes/run-cli.ts';
import { runCommand } from '../fakes/run-command.ts';

jest.setTimeout(60_000);

let gateway: FakeApiGateway;
const run = (...words: string[]) => runCommand.within(gateway.environment, 'keys', ...words);

beforeEach(async () => {
  gateway = await FakeApiGateway.start();
  gateway.addPlan('p0', {});
  gateway.addPlan('p1', { 'tensorgate:stage': 'dev', 'tensorgate:plan': 'Standard' });
  gateway.addPlan('p2', { 'tensorgate:stage': 'prod', 'tensorgate:plan': 'Standard' });
  gateway.addPlan('p3', { 'tensorgate:stage': 'prod', 'tensorgate:plan': 'Partners' });
  gateway.addKey('k0', 'of-another-service', 'p0');
  gateway.addKey('k1', 'Tensor-Defau-1a2b', 'p1', { 'tensorgate:key': 'Default' });
  gateway.addKey('k2', 'acme', 'p1');
  gateway.addKey('k3', 'of-prod', 'p3');
  gateway.addKey('k4', 'of-no-plan');
});
afterEach(() => gateway.end());

describe('keys create', () => {
  test('prints the value alone, the rest beside it, and puts the key in the only plan', async () => {
    const { code, stdout, stderr } = await run('create', 'me');
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'value-of-made5\n',
      stderr: "made key 'me', id made5, of plan Standard, stage dev\n",
    });
    expect([...(gateway.plans.get('p1')?.keys ?? [])]).toEqual(['k1', 'k2', 'made5']);
  });

  test('takes the plan that is named where there are several', async () => {
    expect((await run('create', 'me', '--stage', 'prod', '--plan', 'Partners')).code).toBe(0);
    expect(gateway.plans.get('p3')?.keys).toContain('made5');
  });

  test('leaves no key behind that could not join its plan', async () => {
    gateway.refuses = 'POST /usageplans';
    const { code, stdout, stderr } = await run('create', 'me');
    expect(stderr).toBe('error: AWS refuses: not authorized to POST /usageplans/{id}/keys (AccessDeniedException)\n');
    expect([code, stdout, gateway.keys.size]).toEqual([1, '', 5]);
  });

  test.each([
    [['me', '--plan', 'Standrd'], "no plan 'Standrd' in stage dev; did you mean 'Standard'?", 1],
    [['me', '--plan', 'Gold'], "no plan 'Gold' in stage dev; it has Standard", 1],
    [['me', '--stage', 'prod'], 'stage prod has several plans: write --plan Partners or --plan Standard', 64],
    [['acme'], "stage dev has a key 'acme' already (id k2, plan Standard): revoke it, or choose another name", 1],
    [[' '], "a key needs a name, such as 'acme'", 64],
  ])('refuses %j', async (words, message, expected) => {
    const { code, stdout, stderr } = await run('create', ...words);
    expect({ code, stdout, stderr }).toEqual({ code: expected, stdout: '', stderr: `error: ${message}\n` });
    expect(gateway.asked.filter((route) => !route.startsWith('GET'))).toEqual([]);
  });
});

describe('keys list', () => {
  test("has the deployment's keys, over all pages, by the names that people gave them, and never a value", async () => {
    const { stdout } = await run('list');
    expect(stdout.split('\n')).toEqual([
      'NAME     ID  PLAN      ENABLED  CREATED               MODELS  ACTIONS  LIMITS  EXPIRES',
      'Default  k1  Standard  yes      2026-11-25T09:46:40Z  all     all      plan    never',
      'acme     k2  Standard  yes      2026-11-25T09:46:40Z  all     all      plan    never',
      '',
    ]);
  });

  test('prints the same as JSON', async () => {
    const { stdout } = await run('list', '--json', '--stage', 'prod');
    const created = '2026-11-25T09:46:40.000Z';
    expect(JSON.parse(stdout)).toEqual([{ name: 'of-prod', id: 'k3', plan: 'Partners', enabled: true, created }]);
  });

  test.each([
    ['prd', "no deployment of stage 'prd' that takes keys in eu-west-1; did you mean --stage prod?"],
    ['test', "no deployment of stage 'test' that takes keys in eu-west-1; there is dev, prod"],
  ])('says where stage %s is not deployed', async (stage, message) => {
    const { code, stderr } = await run('list', '--stage', stage);
    expect([code, stderr]).toEqual([1, `error: ${message}\n`]);
  });

  test('says how to deploy where nothing is', async () => {
    gateway.plans.clear();
    expect((await run('list')).stderr).toMatch(/in eu-west-1: npm run deploy -- --stage dev makes one, AWS_REGION/);
  });
});

test('keys show prints the value alone', async () => {
  const { stdout, stderr } = await run('show', 'Default');
  expect([stdout, stderr]).toEqual(['value-of-k1\n', '']);
});

describe('keys revoke', () => {
  test.each(['acme', 'k2'])('deletes the key %s and says so', async (nameOrId) => {
    const { stdout, stderr } = await run('revoke', nameOrId);
    expect(stdout).toBe("revoked key 'acme' (id k2, plan Standard), stage dev: it is deleted\n");
    expect(stderr).toBe('');
    expect([...gateway.keys.keys()]).toEqual(['k0', 'k1', 'k3', 'k4']);
  });

  test('says what else names a key that the deployment made', async () => {
    expect((await run('revoke', 'Default')).stderr).toMatch(/cdk\/stages\.ts names it among the keys of plan Standard/);
  });

  test('asks for an id where two keys have the name', async () => {
    gateway.addKey('k5', 'acme', 'p1');
    const { code, stderr } = await run('revoke', 'acme');
    expect([code, stderr]).toEqual([1, "error: stage dev has 2 keys 'acme': say which by its id, k2 or k5\n"]);
  });

  test.each([
    ['acne', "no key 'acne' in stage dev; did you mean 'acme'?"],
    ['of-another-service', "no key 'of-another-service' in stage dev; it has Default, acme"],
    ['of-no-plan', "no key 'of-no-plan' in stage dev; it has Default, acme"],
  ])('refuses %s, which the deployment does not have', async (name, message) => {
    const { code, stderr } = await run('revoke', name);
    expect([code, stderr, gateway.keys.size]).toEqual([1, `error: ${message}\n`, 5]);
  });
});

describe('without', () => {
  const none = { AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nonexistent' };

  test.each([
    [
      'credentials',
      { AWS_ACCESS_KEY_ID: undefined },
      'no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as for npm run deploy',
    ],
    [
      'a region',
      { AWS_REGION: undefined },
      'no AWS region: set AWS_REGION to the one that the service was deployed to',
    ],
    [
      'a way to AWS',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
      'AWS cannot be reached: connect ECONNREFUSED 127.0.0.1:1',
    ],
  ])('%s, says so', async (_what, missing, message) => {
    const { code, stderr } = await runCli.within({ ...gateway.environment, ...none, ...missing }, 'keys', 'list');
    expect([code, stderr]).toEqual([1, `error: ${message}\n`]);
  });
});

describe('keys --file', () => {
  let folder: string;
  let file: string;
  const read = async () => JSON.parse(await readFile(file, 'utf8'));
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-keys-'));
    file = join(folder, 'keys.json');
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('create prints a key once, which the file lets through, and nobody else may read the file', async () => {
    const { code, stdout, stderr } = await run('create', 'acme', '--file', file);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tg_[A-Za-z0-9_-]{43}\n$/);
    expect(stderr).toBe(
      `made key 'acme' in ${file}, which has its hash alone: this is the only time that it is shown\n`,
    );
    const { keys } = await read();
    expect(authorizeBy(keys)({ 'x-api-key': stdout.trim() }).name).toBe('acme');
    expect(JSON.stringify(keys)).not.toContain(stdout.trim());
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(gateway.asked).toEqual([]);
  });

  test('create keeps the policy of an IAM principal, for who changes a model repository', async () => {
    const principal = 'arn:aws:iam::123456789012:role/ci';
    const { code, stdout } = await run('create', 'ci', '--file', file, '--principal', principal, '--actions', 'push');
    expect([code, stdout]).toEqual([0, `made policy 'ci' of ${principal} in ${file}\n`]);
    expect((await read()).keys).toEqual([{ name: 'ci', actions: ['push'], principal }]);
    expect((await run('create', 'x', '--file', file, '--principal', 'ci')).stderr).toContain('must match pattern');
  });

  test('create narrows a key, list shows it, revoke takes it away; other keys stay', async () => {
    const old = { name: 'old', sha256: '0'.repeat(64), expires: '2025-01-01' };
    await writeFile(file, JSON.stringify({ keys: [old] }), { mode: 0o644 });
    const scope = ['--models', 'fraud, iris', '--actions', 'infer,admin', '--expires', '2030-01-31'];
    const limits = ['--rate', '5:20', '--quota', '9/day', '--daily-cost', '0.5'];
    expect((await run('create', 'acme', '--file', file, ...scope, ...limits)).code).toBe(0);
    expect((await read()).keys[1]).toMatchObject({ models: ['fraud', 'iris'], actions: ['infer', 'admin'] });
    expect((await run('list', '--file', file)).stdout).toBe(
      [
        'NAME  PRINCIPAL  MODELS       ACTIONS       LIMITS                      EXPIRES',
        'old   -          all          infer, read   none                        2025-01-01, over',
        'acme  -          fraud, iris  infer, admin  5:20/s, 9/day, 0.5 USD/day  2030-01-31',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await run('list', '--file', file, '--json')).stdout)[0]).toEqual({
      name: 'old',
      expires: '2025-01-01',
    });
    expect(JSON.parse((await run('show', 'acme', '--file', file)).stdout)).toEqual({
      name: 'acme',
      models: ['fraud', 'iris'],
      actions: ['infer', 'admin'],
      rate: { perSecond: 5, burst: 20 },
      quota: { requests: 9, per: 'day' },
      dailyCost: 0.5,
      expires: '2030-01-31',
    });
    const set = await run('set', 'acme', '--file', file, '--models', '*', '--quota', '20/month', '--rate', 'none');
    expect([set.code, set.stdout]).toEqual([0, expect.stringContaining(`changed the policy of 'acme' in ${file}`)]);
    expect((await read()).keys).toEqual([
      old,
      {
        name: 'acme',
        models: ['*'],
        actions: ['infer', 'admin'],
        quota: { requests: 20, per: 'month' },
        dailyCost: 0.5,
        expires: '2030-01-31',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect((await run('revoke', 'acme', '--file', file)).code).toBe(0);
    expect((await read()).keys).toEqual([old]);
    expect((await stat(file)).mode & 0o777).toBe(0o644);
  });

  test.each([
    [['create', 'old'], 1, "has a key 'old' already: revoke it, or choose another name"],
    [['create', 'new', '--expires', 'soon'], 64, 'Expected a day such as 2026-11-29, or a time with its zone'],
    [['create', 'new', '--actions', 'run'], 64, 'Expected some of infer, read, push, jobs, promote, admin'],
    [['create', 'new', '--expires', '2020-01-01'], 64, 'It is past: the key would never be good.'],
    [['create', 'new', '--models', 'a,,b'], 64, 'Expected names of models with commas between them'],
    [['create', 'new', '--models', 'a*b'], 64, 'each with * at its end alone, such as a,team-*'],
    [['create', 'new', '--rate', '0'], 64, 'Expected requests a second'],
    [['create', 'new', '--quota', '9'], 64, 'Expected inferences in a day or month'],
    [['create', 'new', '--daily-cost', 'much'], 64, 'Expected USD'],
    [['show', 'odl'], 1, "no key 'odl' in"],
    [['create', 'new', '--plan', 'Standard'], 64, "'--plan <plan>' cannot be used with option '--file <file>'"],
    [['revoke', 'odl'], 1, "no key 'odl' in"],
    [['set', 'odl', '--quota', '9/day'], 1, "no key 'odl' in"],
    [['set', 'old'], 64, 'expected what is to change, such as --quota 1000/day'],
  ])('refuses %j, and leaves the file as it is', async (words, code, message) => {
    const content = `{"keys": [{"name": "old", "sha256": "${'0'.repeat(64)}"}]}`;
    await writeFile(file, content);
    const result = await run(...words, '--file', file);
    expect([result.code, result.stdout]).toEqual([code, '']);
    expect(result.stderr).toContain(message);
    expect(await readFile(file, 'utf8')).toBe(content);
  });
});

describe('keys of a deployment with policies', () => {
  let root: string;
  const read = async () => JSON.parse(await readFile(join(root, '.access/policies.json'), 'utf8')).keys;
  const recorded = async () => {
    const folder = join(root, '.audit/changes');
    const files = (await readdir(folder)).sort();
    const lines = await Promise.all(files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8'))));
    return lines.filter(({ kind }) => kind === undefined);
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'tensorgate-policies-'));
    gateway.addPlan('p4', { 'tensorgate:stage': 'eu', 'tensorgate:plan': 'Standard', 'tensorgate:models': root });
  });
  afterEach(() => rm(root, { recursive: true }));

  test('create keeps the policy of a key by its hash, list shows it, revoke takes both away; the audit log has each', async () => {
    const scope = ['--models', 'fraud', '--quota', '9/month', '--stage', 'eu'];
    const { code, stdout } = await run('create', 'acme', ...scope);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^tg_[A-Za-z0-9_-]{43}\n$/)]);
    const sha256 = hashKey(stdout.trim()).toString('hex');
    const policy = { models: ['fraud'], quota: { requests: 9, per: 'month' } };
    expect(await read()).toEqual([{ name: 'acme', sha256, ...policy }]);
    expect((await run('show', 'acme', '--stage', 'eu')).stdout).toBe(stdout);
    expect(JSON.parse((await run('list', '--stage', 'eu', '--json')).stdout)).toEqual([
      expect.objectContaining({ name: 'acme', plan: 'Standard', policy: { name: 'acme', ...policy } }),
    ]);
    expect((await run('revoke', 'acme', '--stage', 'eu')).code).toBe(0);
    expect([await read(), gateway.plans.get('p4')?.keys.size]).toEqual([[], 0]);
    expect(await recorded()).toMatchObject([
      { action: 'keys create', details: { name: 'acme', ...policy } },
      { action: 'keys revoke', details: { name: 'acme' } },
    ]);
    expect(JSON.stringify(await recorded())).not.toContain(sha256);
  });

  test('set changes the policy of a key, gives one to a key that has none, and knows principals; the audit log has each', async () => {
    const eu = ['--stage', 'eu'];
    const made = await run('create', 'acme', '--models', 'fraud', '--expires', '2030-01-31', ...eu);
    const sha256 = hashKey(made.stdout.trim()).toString('hex');
    expect((await run('set', 'acme', '--quota', '9/day', '--expires', 'none', ...eu)).stdout).toBe(
      "changed the policy of 'acme', stage eu: it holds within the policySeconds of the stage\n",
    );
    const acme = { name: 'acme', models: ['fraud'], quota: { requests: 9, per: 'day' }, sha256 };
    expect(await read()).toEqual([acme]);
    gateway.addKey('k9', 'plain', 'p4');
    expect((await run('set', 'k9', '--actions', 'read', ...eu)).code).toBe(0);
    const plain = { name: 'plain', actions: ['read'], sha256: hashKey('value-of-k9').toString('hex') };
    expect(await read()).toEqual([acme, plain]);
    const principal = 'arn:aws:iam::123456789012:role/reader';
    await run('create', 'ci', '--principal', principal, '--models', 'iris', ...eu);
    expect((await run('set', 'ci', '--models', 'fraud', ...eu)).code).toBe(0);
    expect(await read()).toEqual([acme, plain, { name: 'ci', models: ['fraud'], principal }]);
    expect((await run('set', 'acme', '--rate', '5', ...eu)).stderr).toContain('on AWS a usage plan has it');
    const { sha256: _, ...shown } = acme;
    expect(await recorded()).toMatchObject([
      { action: 'keys create' },
      {
        action: 'keys set',
        details: { name: 'acme', before: { models: ['fraud'], expires: '2030-01-31' }, after: shown },
      },
      { action: 'keys create', details: { name: 'plain', actions: ['read'] } },
      { action: 'keys create' },
      { action: 'keys set', details: { name: 'ci', before: { models: ['iris'] }, after: { models: ['fraud'] } } },
    ]);
    expect(JSON.stringify(await recorded())).not.toContain(sha256);
  });

  test('a key that could not be made leaves no policy', async () => {
    gateway.refuses = 'POST /apikeys';
    expect((await run('create', 'acme', '--models', 'fraud', '--stage', 'eu')).code).toBe(1);
    expect(await read()).toEqual([]);
  });

  test('an IAM principal has a policy, and no key', async () => {
    const principal = 'arn:aws:iam::123456789012:role/reader';
    const { code, stdout } = await run('create', 'ci', '--principal', principal, '--models', 'iris', '--stage', 'eu');
    expect([code, stdout]).toEqual([0, `made policy 'ci' of ${principal}, stage eu\n`]);
    expect(await read()).toEqual([{ name: 'ci', models: ['iris'], principal }]);
    expect((await run('list', '--stage', 'eu')).stdout).toContain(`ci    ${principal}  IAM`);
    expect((await run('revoke', 'ci', '--stage', 'eu')).stdout).toContain('may do what IAM lets it');
    expect([await read(), gateway.keys.size]).toEqual([[], 5]);
  });

  test.each([
    [['--stage', 'eu', '--rate', '5'], '--rate goes with --file; on AWS a usage plan has it', 64],
    [['--stage', 'dev', '--models', 'm'], 'stage dev was deployed before keys had policies: npm run deploy', 1],
  ])('create refuses %j', async (words, message, expected) => {
    const { code, stderr } = await run('create', 'me', ...words);
    expect([code, stderr, gateway.keys.size]).toEqual([expected, expect.stringContaining(message), 5]);
  });
});

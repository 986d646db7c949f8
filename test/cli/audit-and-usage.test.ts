import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { recordChange } from '../../src/adapters/audit/record-change.ts';
import { runCommand } from '../fakes/run-command.ts';

let models = '';
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'tensorgate-cli-'));
});
afterEach(() => rm(models, { recursive: true }));

test('audit verify prints the heads, and finds what was changed; audit list prints lines', async () => {
  await recordChange(models, { action: 'push', model: 'iris', version: 2, who: 'ann' });
  const details = { from: 1, digest: '0'.repeat(64), gate: { samples: 3 } };
  await recordChange(models, { action: 'promote', model: 'iris', version: 2, who: 'bob', details });
  const path = join(models, '.audit/changes/000000000002.jsonl');
  const line = JSON.parse(await readFile(path, 'utf8'));
  const whole = await runCommand('audit', 'verify', '--models', models, '--expect', line.hash);
  expect(whole.stderr).toBe('');
  expect(whole.code).toBe(0);
  expect(whole.stdout).toContain(line.hash);
  expect(whole.stdout).toContain(`the audit log of ${models} is whole: 2 lines in 1 chain`);

  const listed = await runCommand('audit', 'list', '--models', models, '--who', 'bob');
  expect(listed.stdout.split('\n').slice(0, 2)).toEqual([
    expect.stringMatching(/^AT +WHO +WHAT +MODEL +VERSION +MORE$/),
    expect.stringMatching(/^20\S+Z +bob +promote +iris +2 +digest 0{39}…, from 1, gate \{"samples":3\}$/),
  ]);
  const today = line.at.slice(0, 10);
  const rows = async (...words: string[]) =>
    (await runCommand('audit', 'list', '--models', models, '--json', ...words)).stdout.split('\n').length - 1;
  expect(await rows('--from', '2026-01-01', '--to', today)).toBe(2);
  expect(await rows('--to', '2026-01-01T12:00:00Z')).toBe(0);
  expect(await rows('--to', '2026-01-01')).toBe(0);
  const json = await runCommand('audit', 'list', '--models', models, '--action', 'promote', '--json');
  expect(json.stdout).toBe(await readFile(path, 'utf8'));

  await recordChange(models, { action: 'rollback', model: 'iris', version: 1, who: 'cid', kind: 'begun' });
  const open = await runCommand('audit', 'verify', '--models', models);
  expect(open.code).toBe(0);
  expect(open.stderr).toMatch(
    /^open: line 3 of changes: 'rollback iris 1' by cid was begun at 20\S+Z, and no line says how/,
  );
  const cutOff = await runCommand('audit', 'list', '--models', models, '--who', 'cid');
  expect(cutOff.stdout).toMatch(/cid +rollback +iris +1 +begun: no line says how it ended\n$/);
  const why = 'another came first';
  await recordChange(models, { action: 'rollback', model: 'iris', who: 'cid', kind: 'failed', begun: 3, why });
  expect((await runCommand('audit', 'verify', '--models', models)).stderr).toBe('');
  const failed = await runCommand('audit', 'list', '--models', models, '--who', 'cid');
  expect(failed.stdout.split('\n').slice(1)).toEqual([
    expect.stringMatching(/cid +rollback +iris +- +failed: another came first$/),
    '',
  ]);

  await writeFile(path, (await readFile(path, 'utf8')).replace('bob', 'eve'));
  const changed = await runCommand('audit', 'verify', '--models', models);
  expect(changed.code).toBe(1);
  expect(changed.stderr).toContain('fault: .audit/changes/000000000002.jsonl line 1 was changed: its hash is another');
});

test('usage adds up what hosts counted, and says what it cost', async () => {
  const counts = { failed: 0, items: 4, inputTokens: 9, outputTokens: 0, bytesIn: 0, bytesOut: 0 };
  const row = { caller: 'ann', model: 'iris', version: '2', requests: 1000, ms: 5000, gbSeconds: 10, ...counts };
  for (const id of ['a', 'b']) {
    const host = { id, kind: 'lambda', gigabytes: 2, vcpus: 1, architecture: 'x86_64' };
    const usage = { host, day: '2026-11-29', from: '2026-11-29T10:00:00Z', to: '2026-11-29T11:00:00Z', rows: [row] };
    await mkdir(join(models, '.usage/2026-11-29'), { recursive: true });
    await writeFile(join(models, `.usage/2026-11-29/${id}.json`), JSON.stringify(usage));
  }
  const days = ['--models', models, '--from', '2026-11-29', '--to', '2026-11-30'];
  const { stdout, stderr } = await runCommand('usage', ...days, '--cost');
  expect(stderr).toBe('');
  expect(stdout).toMatch(
    /^KEY +MODEL +VERSION +REQUESTS .* USD\nann +iris +2 +2000 +0 +8 +18 +0 +10\.000 +20\.000 +0\.0077\n/,
  );
  expect(stdout).toMatch(/Fargate, x86_64, 1 vCPU, 2 GB +1 +1\.18 +1\.18 +\d+ requests a day/);
  expect(stdout).toContain('Prices of 2026-11-23, us-east-1');
  const json = JSON.parse((await runCommand('usage', ...days, '--by', 'day', '--json')).stdout);
  expect(json).toEqual({
    from: '2026-11-29',
    to: '2026-11-30',
    usage: [expect.objectContaining({ day: '2026-11-29', requests: 2000, gbSeconds: 20 })],
  });
  const none = await runCommand('usage', '--models', models, '--from', '2020-01-01', '--to', '2020-01-02');
  expect(none.stdout).toContain('no usage of ');
});

test.each([['audit', 'verify'], ['audit', 'list'], ['usage']])(
  '%s %s tells of a repository that is not there',
  async (...words) => {
    const { code, stdout, stderr } = await runCommand(...words, '--models', join(models, 'mistyped'));
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`there is no model repository at ${join(models, 'mistyped')}: expected a folder with`);
  },
);

test('a log that is not there is not whole', async () => {
  const { code, stdout, stderr } = await runCommand('audit', 'verify', '--models', models);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(`there is no audit log in ${models}`);
});

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { canonicalJson } from '../../../src/adapters/audit/canonical-json.ts';
import { ChangeLog } from '../../../src/adapters/audit/change-log.ts';
import { recordedChange } from '../../../src/adapters/audit/recorded-change.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';
import { S3Client } from '../../../src/adapters/s3-model-store/s3-client.ts';
import { S3ObjectStore } from '../../../src/adapters/s3-object-store/s3-object-store.ts';
import type { ObjectStore } from '../../../src/ports/object-store.ts';
import { FakeS3 } from '../../fakes/fake-s3.ts';

const s3 = new FakeS3();
let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tensorgate-audit-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The lines of the chain; throws where one does not carry the hash of the one before. */
function chainOf(texts: readonly string[]): Record<string, unknown>[] {
  let previous = '0'.repeat(64);
  return texts.map((text, index) => {
    const { hash, ...record } = JSON.parse(text);
    expect(text).toBe(`${canonicalJson({ ...record, hash })}\n`);
    expect(record).toMatchObject({ previous, number: index + 1 });
    expect(hash).toBe(createHash('sha256').update(canonicalJson(record)).digest('hex'));
    previous = hash;
    return record;
  });
}

async function chain(): Promise<Record<string, unknown>[]> {
  const folder = join(root, '.audit/changes');
  const names = (await readdir(folder)).sort();
  return chainOf(await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8'))));
}

/** A change that is made at once. */
const done = async () => ({});

test('has a line before each change and one after: who made it, and when', async () => {
  const push = { action: 'push', model: 'iris', details: { at: new Date(0) } };
  const before: unknown[] = [];
  const made = await recordedChange(root, push, async () => {
    before.push(...(await chain()));
    return { version: 3 };
  });
  expect(made).toEqual({ version: 3 });
  await recordedChange(root, { action: 'policy', who: 'key admin' }, done);
  const [begun, pushed, ...policy] = await chain();
  const told = { action: 'push', model: 'iris', details: { at: '1970-01-01T00:00:00.000Z' } };
  expect(before).toEqual([begun]);
  expect(begun).toMatchObject({ ...told, kind: 'begun', number: 1 });
  expect(pushed).toMatchObject({ ...told, version: 3, begun: 1 });
  expect(pushed).not.toHaveProperty('kind');
  expect(pushed?.who).toBe(`${userInfo().username}@${hostname()}`);
  expect(Math.abs(Date.now() - Date.parse(pushed?.at as string))).toBeLessThan(3_600_000);
  expect(policy).toMatchObject([{ kind: 'begun' }, { action: 'policy', who: 'key admin', begun: 3 }]);
});

test('says of a change that failed why, and of one that was none that nothing was changed', async () => {
  const refused = async () => {
    throw new Error('another changed it');
  };
  await expect(recordedChange(root, { action: 'promote', model: 'iris' }, refused)).rejects.toThrow('another changed');
  expect(await recordedChange(root, { action: 'alias', model: 'iris' }, async () => undefined)).toBeUndefined();
  expect(await chain()).toMatchObject([
    { kind: 'begun', action: 'promote' },
    { kind: 'failed', action: 'promote', begun: 1, why: 'another changed it' },
    { kind: 'begun', action: 'alias' },
    { kind: 'unchanged', action: 'alias', begun: 3 },
  ]);
});

test('makes no change of which there can be no line, but one that takes something back', async () => {
  await writeFile(join(root, '.audit'), '');
  let made = 0;
  const make = async () => {
    made += 1;
    return {};
  };
  const promote = { action: 'promote', model: 'iris', version: 3 };
  await expect(recordedChange(root, promote, make)).rejects.toThrow(
    /^'promote iris 3' was not begun: the audit log of .* cannot have a line of it: /,
  );
  expect(made).toBe(0);
  const rollback = { action: 'rollback', model: 'iris', version: 2 };
  await expect(recordedChange(root, rollback, make, { isRescue: true })).rejects.toThrow(
    /^'rollback iris 2' is done, but the audit log of .* has no line of that: /,
  );
  expect(made).toBe(1);
});

test('goes on from no line that somebody has changed', async () => {
  await mkdir(join(root, '.audit/changes'), { recursive: true });
  await writeFile(join(root, '.audit/changes/000000000007.jsonl'), 'nothing');
  await expect(recordedChange(root, { action: 'push' }, done)).rejects.toThrow(
    "'.audit/changes/000000000007.jsonl' is no line of the chain",
  );
});

function bucket(): ObjectStore {
  const retries = { attempts: 4, firstPauseMs: 1, longestPauseMs: 5 };
  return new S3ObjectStore(
    new S3Client('models', { retries, silenceMs: 5000, environment: s3.environment }),
    '.audit/',
  );
}

describe('of many that change at once', () => {
  test.each([
    ['a directory', () => new DirectoryObjectStore(join(root, '.audit'))],
    ['a bucket', bucket],
  ] as const)('none loses its line, in %s', async (kind, open) => {
    const logs = Array.from({ length: 8 }, () => new ChangeLog(open()));
    const changes = logs.flatMap((log, who) =>
      [1, 2, 3, 4].map((version) => log.append({ action: 'push', who: String(who), version })),
    );
    await Promise.all(changes);
    const lines =
      kind === 'a bucket'
        ? chainOf([...s3.objects].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { body }]) => body.toString()))
        : await chain();
    const seen = lines.map(({ who, version }) => `${who} ${version}`).sort();
    expect(seen).toEqual(logs.flatMap((_log, who) => [1, 2, 3, 4].map((version) => `${who} ${version}`)));
  });
});

test('over AWS it is the principal whom STS names, whom it asks once', () => {
  // A process of its own, which knows of no identity yet.
  const script = `
    import { createServer } from 'node:http';
    import { whoActs } from ${JSON.stringify(join(import.meta.dirname, '../../../src/adapters/audit/who-acts.ts'))};
    const asked = [];
    const server = createServer((request, response) => {
      asked.push(request.headers.authorization.includes('/us-east-1/sts/aws4_request'));
      response.end('<GetCallerIdentityResult><Arn>arn:aws:iam::1:user/ann</Arn></GetCallerIdentityResult>');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = 'http://127.0.0.1:' + server.address().port;
    const own = { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_REGION: 'us-east-1' };
    const who = (root, more) => whoActs(root, { ...own, ...more });
    const names = [
      await who('s3://models', { AWS_ENDPOINT_URL: url }),
      await who('s3://models', { AWS_ENDPOINT_URL: url }),
      (await who('s3://models', { AWS_ENDPOINT_URL_S3: url })).includes('@'),
      (await who('models', { AWS_ENDPOINT_URL: url })).includes('@'),
    ];
    console.log(JSON.stringify([names, asked]));
    server.close();
    server.closeAllConnections();
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const arn = 'arn:aws:iam::1:user/ann';
  expect(JSON.parse(stdout)).toEqual([[arn, arn, true, true], [true]]);
});
